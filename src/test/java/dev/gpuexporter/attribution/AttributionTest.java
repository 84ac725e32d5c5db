package dev.gpuexporter.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.nvml.DeviceIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttributionTest {
    private static final Workload TRAINING = new Workload("research", "train-0", "main");

    /** Another GPU has had that number before the driver was loaded again, and is still shown. */
    @Test
    void givesADeviceToTheGpuThatHasItsMinorNumberNow() {
        DeviceReading present = gpu(0, "GPU-present", "1", Optional.empty());
        DeviceReading departed = gpu(1, "GPU-departed", "1", Optional.of("another GPU answers under its index"));
        NodeView node = joined(List.of(present, departed), "nvidia1");
        assertThat(node.owner(present).workloads()).containsExactly(TRAINING);
        assertThat(node.owner(departed).workloads()).isEmpty();
        assertThat(node.unmapped()).isEmpty();
    }

    private static NodeView joined(List<DeviceReading> devices, String held) {
        Snapshot snapshot = new Snapshot(Instant.EPOCH, Duration.ZERO, Optional.empty(), devices);
        WorkloadIndex workloads = WorkloadIndex.of(
                Instant.EPOCH,
                List.of(new Allocation(TRAINING, "nvidia.com/gpu", DeviceId.parse(held))),
                Optional.empty(),
                GpuResources.byForm());
        return new Attribution(() -> snapshot, () -> workloads).current();
    }

    private static DeviceReading gpu(int index, String uuid, String minor, Optional<String> problem) {
        DeviceIdentity identity = new DeviceIdentity(
                index, uuid, "Tesla T4", "Turing", "NVIDIA", "", "00000000:0" + index + ":00.0", minor, "", "", "");
        return new DeviceReading(index, Optional.of(identity), Optional.empty(), problem, List.of());
    }
}
