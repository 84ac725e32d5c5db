package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.kubernetes.FakeKubelet;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerDevices;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerResources;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.PodResources;
import dev.gpuexporter.nvml.CompiledNvml;
import dev.gpuexporter.testing.ExporterProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The largest answers that a kubelet can send, met on the image's JVM flags. */
class LargeAnswerIT {
    private static final int LARGEST = 16 * 1024 * 1024;

    /** Of a GPU's id. */
    private static final int ID_LENGTH = 40;

    @TempDir
    Path directory;

    private Map<String, String> environment;
    private Path socket;

    @BeforeEach
    void aDriverAndAKubelet() throws IOException {
        socket = Files.createDirectory(directory.resolve("pod-resources")).resolve("kubelet.sock");
        environment = Map.of(
                "GPU_EXPORTER_NVML_LIBRARY",
                CompiledNvml.library().toString(),
                "GPU_EXPORTER_KUBERNETES_KUBELET_ROOT",
                directory.toString(),
                "GPU_EXPORTER_KUBERNETES_REFRESH_INTERVAL",
                "1s",
                "GPU_EXPORTER_POLL_INTERVAL",
                "500ms");
    }

    @Test
    void readsAsManyDevicesAsANodeMayHaveAmongSixteenMebibytes() throws Exception {
        ListPodResourcesResponse.Builder answer = ListPodResourcesResponse.newBuilder();
        for (int pod = 0; pod < 99; pod++) {
            answer.addPodResources(pod("p".repeat(LARGEST / 99 - 1000 * (ID_LENGTH + 2) - 100) + pod, 1000));
        }

        assertThat(unmapped(answer.build())).isEqualTo(99_000);
    }

    @Test
    void refusesMoreDevicesThanThatAndGoesOn() throws Exception {
        int all = LARGEST / (ID_LENGTH + 2) - 10;
        ListPodResourcesResponse answer = ListPodResourcesResponse.newBuilder()
                .addPodResources(pod("pod", all))
                .build();
        assertThat(answer.getSerializedSize()).isBetween(LARGEST - 10_000, LARGEST);

        try (FakeKubelet kubelet = new FakeKubelet(socket).answers(FakeKubelet.LIST, answer);
                ExporterProcess exporter = ExporterProcess.start(environment)) {
            exporter.awaitLog("more than 100000 devices are listed");

            kubelet.answers(
                    FakeKubelet.LIST,
                    ListPodResourcesResponse.newBuilder()
                            .addPodResources(pod("pod", 3))
                            .build());
            exporter.await("/metrics", page -> page.contains("gpu_exporter_unmapped_devices 3.0"));
        }
    }

    /** How many devices the exporter has seen that are no GPU of the driver. */
    private int unmapped(ListPodResourcesResponse answer) throws Exception {
        assertThat(answer.getSerializedSize()).isBetween(LARGEST - 10_000, LARGEST);
        try (FakeKubelet kubelet = new FakeKubelet(socket).answers(FakeKubelet.LIST, answer);
                ExporterProcess exporter = ExporterProcess.start(environment)) {
            String metrics = exporter.await("/metrics", page -> page.lines()
                    .anyMatch(line -> line.startsWith("gpu_exporter_unmapped_devices ") && !line.endsWith(" 0.0")));
            return (int) Double.parseDouble(metrics.lines()
                    .filter(line -> line.startsWith("gpu_exporter_unmapped_devices "))
                    .findFirst()
                    .orElseThrow()
                    .split(" ")[1]);
        }
    }

    private static PodResources pod(String name, int devices) {
        ContainerDevices.Builder listed = ContainerDevices.newBuilder().setResourceName("nvidia.com/gpu");
        IntStream.range(0, devices)
                .forEach(device -> listed.addDeviceIds("GPU-%08x-0000-4000-8000-000000000000".formatted(device)));
        return PodResources.newBuilder()
                .setNamespace("ns")
                .setName(name)
                .addContainers(ContainerResources.newBuilder().setName("main").addDevices(listed))
                .build();
    }
}
