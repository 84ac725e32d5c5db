package dev.gpuexporter.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.DeviceHistory;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.testing.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClusterSeriesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private static final String UUID = "GPU-aaaaaaaa-0000-4000-8000-00000000000";

    /** Two whole GPUs and one in two parts. */
    private static final List<DeviceReading> GPUS = List.of(
            gpu(0, List.of()),
            gpu(1, List.of()),
            gpu(
                    2,
                    List.of(
                            new MigPart(0, "MIG-00000000-0000-5000-8000-000000000000", "3g.40gb", 1, 0),
                            new MigPart(1, "MIG-00000000-0000-5000-8000-000000000001", "3g.40gb", 2, 0))));

    @Test
    void countsWhatThereIsOfEachResourceWhosePluginsOneItMayBe() {
        assertThat(stock(
                        List.of(
                                held("nvidia.com/gpu", UUID + 0),
                                held("rdma/hca", "mlx5_0"),
                                held("rdma/hca", "mlx5_1"),
                                claimed("gpu-0")),
                        Optional.of(Map.of(
                                "nvidia.com/gpu", ids(UUID + 0, UUID + 1),
                                "rdma/hca", ids("mlx5_0", "mlx5_1", "mlx5_2"),
                                "example.com/fpga", ids("a")))))
                .containsExactlyInAnyOrder(
                        "gpu_resource_allocatable{example.com/fpga} 1",
                        "gpu_resource_allocated{example.com/fpga} 0",
                        "gpu_resource_allocatable{nvidia.com/gpu} 2",
                        "gpu_resource_allocated{nvidia.com/gpu} 1",
                        "gpu_resource_allocatable{rdma/hca} 3",
                        "gpu_resource_allocated{rdma/hca} 2",
                        "gpu_resource_allocated{gpu.nvidia.com} 1",
                        "gpu_allocatable{0} 1",
                        "gpu_allocatable{1} 1",
                        "gpu_allocatable{2} 0");
    }

    @Test
    void aGpuCanBeGivenIfAPartOfItCan() {
        assertThat(stock(
                        List.of(),
                        Optional.of(Map.of("nvidia.com/mig-3g.40gb", ids("MIG-00000000-0000-5000-8000-000000000001")))))
                .contains("gpu_allocatable{2} 1", "gpu_allocatable{0} 0");
        assertThat(stock(List.of(), Optional.of(Map.of("nvidia.com/gpu", ids("nvidia1/vgpu0", UUID + "0::3")))))
                .contains("gpu_allocatable{0} 1", "gpu_allocatable{1} 1", "gpu_allocatable{2} 0");
    }

    /** The plugin died under its pods: the kubelet has no GPU to give. */
    @Test
    void noGpuCanBeGivenWithoutThePluginOfThoseThatAreHeld() {
        assertThat(stock(List.of(held("nvidia.com/gpu", UUID + 0)), Optional.of(Map.of())))
                .containsExactlyInAnyOrder(
                        "gpu_resource_allocatable{nvidia.com/gpu} 0",
                        "gpu_resource_allocated{nvidia.com/gpu} 1",
                        "gpu_allocatable{0} 0",
                        "gpu_allocatable{1} 0",
                        "gpu_allocatable{2} 0");
    }

    @Test
    void nothingIsSaidThatTheKubeletDoesNotSay() {
        assertThat(stock(List.of(), Optional.empty())).isEmpty();
        assertThat(stock(List.of(held("nvidia.com/gpu", UUID + 0)), Optional.empty()))
                .containsExactly("gpu_resource_allocated{nvidia.com/gpu} 1");
        assertThat(stock(List.of(claimed("gpu-0")), Optional.of(Map.of())))
                .as("with DRA alone")
                .containsExactly("gpu_resource_allocated{gpu.nvidia.com} 1");
        assertThat(stock(List.of(), Optional.of(Map.of("nvidia.com/gpu", ids("card-of-whoever-wrote-the-plugin")))))
                .as("ids that nobody knows")
                .noneMatch(line -> line.startsWith("gpu_allocatable"));
    }

    private static Allocation held(String resource, String id) {
        return new Allocation(new Workload("research", "train-0", "main"), resource, DeviceId.parse(id));
    }

    private static Allocation claimed(String device) {
        DeviceId id = new DeviceId.Claimed("gpu.nvidia.com", "node-a", device, Optional.empty());
        return new Allocation(new Workload("research", "train-1", "main"), "gpu.nvidia.com", id);
    }

    private static Set<DeviceId> ids(String... ids) {
        return Stream.of(ids).map(DeviceId::parse).collect(Collectors.toSet());
    }

    private static List<String> stock(List<Allocation> held, Optional<Map<String, Set<DeviceId>>> allocatable) {
        Snapshot snapshot = new Snapshot(NOW, Duration.ZERO, Optional.empty(), GPUS);
        WorkloadIndex index = WorkloadIndex.of(NOW, held, allocatable, GpuResources.byForm());
        NodeView node = new Attribution(() -> snapshot, () -> index).current();
        return new SeriesBuilder(AttributionMode.LABELS)
                .series(node).stream()
                        .filter(series -> series.metric().name().contains("allocat"))
                        .map(series -> "%s{%s} %.0f"
                                .formatted(
                                        series.metric().name(),
                                        series.labelValues().get(0),
                                        series.value()))
                        .toList();
    }

    private static DeviceReading gpu(int index, List<MigPart> parts) {
        DeviceIdentity identity = Identity.of(index, UUID + index, "NVIDIA H100 80GB HBM3", "", "" + index);
        return new DeviceReading(
                index,
                Optional.of(identity),
                Optional.empty(),
                Optional.empty(),
                parts,
                List.of(),
                Optional.empty(),
                DeviceHistory.NONE);
    }
}
