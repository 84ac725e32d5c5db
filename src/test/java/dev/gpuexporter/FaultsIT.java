package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.kubernetes.FakeKubelet;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerDevices;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerResources;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.PodResources;
import dev.gpuexporter.nvml.CompiledNvml;
import dev.gpuexporter.testing.ConcurrentTest;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.ExporterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a running exporter says before, during and after a fault: on /metrics, by its probes, in its log. The shipped jar
 * on the image's JVM options, in its own time.
 */
@Timeout(90)
class FaultsIT {
    private static final String READY = "ready\n";

    @TempDir
    private Path directory;

    private final Map<String, String> environment = new HashMap<>(Map.of("GPU_EXPORTER_POLL_INTERVAL", "500ms"));

    private ExporterProcess simulating(String... failures) throws IOException {
        Path scenario = Files.writeString(
                directory.resolve("faults.conf"),
                "gpus = [ { model = t4, count = 2 } ]\npods = []\nfailures = [\n" + String.join("\n", failures)
                        + "\n]\n");
        return ExporterProcess.start(environment, "--simulate", scenario.toString());
    }

    /** Awaits this of readiness, with its code; liveness is not touched by it. */
    private static void ready(ExporterProcess exporter, String answer) throws Exception {
        int code = answer.equals(READY) ? 200 : 503;
        exporter.await("/-/ready", answer::equals);
        Eventually.holds(code + " " + answer, () -> {
            HttpResponse<String> now = get(exporter, "/-/ready");
            return now.body().equals(answer) && now.statusCode() == code;
        });
        assertThat(get(exporter, "/-/healthy").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> get(ExporterProcess exporter, String path) {
        try {
            return exporter.get(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Scrape scrape(ExporterProcess exporter) throws Exception {
        return Scrape.of(exporter.get("/metrics").body());
    }

    private static long lines(ExporterProcess exporter, String words) throws IOException {
        return exporter.log().lines().filter(line -> line.contains(words)).count();
    }

    @ConcurrentTest
    void everyGpuHangs() throws Exception {
        try (ExporterProcess exporter = simulating("{ kind = hang, gpu = all, from = 15s, until = 25s }")) {
            ready(exporter, READY);
            assertThat(scrape(exporter).all("gpu_power_draw_watts")).hasSize(2);

            ready(exporter, "no GPU answers\n");
            int threads = exporter.threads();
            Scrape during = scrape(exporter);
            assertThat(during.all("gpu_up")).hasSize(2).allMatch(gpu -> gpu.value() == 0);
            assertThat(during.all("gpu_info")).hasSize(2);
            assertThat(during.names()).doesNotContain("gpu_power_draw_watts", "gpu_energy_joules_total");
            assertThat(during.value("gpu_exporter_nvml_up")).hasValue(1);
            assertThat(exporter.threads()).isLessThanOrEqualTo(threads + 1);

            ready(exporter, READY);
            exporter.await(
                    "/metrics",
                    page -> Scrape.of(page).all("gpu_power_draw_watts").size() == 2);
            assertThat(lines(exporter, "is back after")).isEqualTo(lines(exporter, "lost: no answer within"));
        }
    }

    @ConcurrentTest
    void theDriverIsReloadedUnderItAndThenReplaced() throws Exception {
        try (ExporterProcess exporter = simulating(
                "{ kind = driver-gone, from = 12s, until = 14s }",
                "{ kind = driver-gone, from = 30s, until = 31s }",
                "{ kind = version-mismatch, from = 31s }")) {
            ready(exporter, READY);
            exporter.await(
                    "/metrics",
                    page -> Scrape.of(page).value("gpu_exporter_nvml_up").orElse(-1) == 0);
            assertThat(exporter.get("/-/ready").statusCode()).isEqualTo(503);
            assertThat(exporter.get("/-/healthy").statusCode()).isEqualTo(200);
            assertThat(scrape(exporter).names()).doesNotContain("gpu_power_draw_watts");

            ready(exporter, READY); // by itself
            assertThat(scrape(exporter).all("gpu_power_draw_watts")).isNotEmpty();
            assertThat(lines(exporter, "serving without GPUs")).isEqualTo(1);

            assertThat(exporter.awaitEnd()).isEqualTo(1);
            assertThat(exporter.log())
                    .contains(
                            "LIB_RM_VERSION_MISMATCH from nvmlInit_v2: the library is not the loaded kernel module's; "
                                    + "ending, so that a restart maps the driver's new library");
        }
    }

    @ConcurrentTest
    void theLibraryIsNotTheModulesAtStart() throws Exception {
        try (ExporterProcess exporter = simulating("{ kind = version-mismatch, from = 0s, until = 15s }")) {
            ready(
                    exporter,
                    "LIB_RM_VERSION_MISMATCH from nvmlInit_v2: the library is not the loaded kernel module's\n");
            assertThat(scrape(exporter).value("gpu_exporter_nvml_up")).hasValue(0);

            ready(exporter, READY);
            assertThat(scrape(exporter).value("gpu_exporter_nvml_up")).hasValue(1);
            assertThat(lines(exporter, "LIB_RM_VERSION_MISMATCH")).isEqualTo(1);
        }
    }

    @ConcurrentTest
    void theDriverIsInstalledLater() throws Exception {
        Path library = directory.resolve("libnvidia-ml.so.1");
        environment.put("GPU_EXPORTER_NVML_LIBRARY", library.toString());
        environment.put("GPU_EXPORTER_KUBERNETES_ATTRIBUTION", "off");
        try (ExporterProcess exporter = ExporterProcess.start(environment)) {
            exporter.await("/-/ready", answer -> answer.startsWith("NVML not found: no " + library));
            assertThat(exporter.get("/-/ready").statusCode()).isEqualTo(503);
            assertThat(exporter.get("/-/healthy").statusCode()).isEqualTo(200);
            assertThat(scrape(exporter).value("gpu_exporter_nvml_up")).hasValue(0);

            Files.copy(CompiledNvml.library(), library);
            ready(exporter, READY);
            assertThat(scrape(exporter).all("gpu_up")).hasSize(2).allMatch(gpu -> gpu.value() == 1);
            assertThat(lines(exporter, "NVML not found")).isEqualTo(1);
        }
    }

    @ConcurrentTest
    void theKubeletIsDownForLongerThanItsMapStands() throws Exception {
        environment.putAll(Map.of(
                "GPU_EXPORTER_NVML_LIBRARY",
                CompiledNvml.library().toString(),
                "GPU_EXPORTER_KUBERNETES_KUBELET_ROOT",
                directory.toString(),
                "GPU_EXPORTER_KUBERNETES_REFRESH_INTERVAL",
                "1s",
                "GPU_EXPORTER_KUBERNETES_KEEP_FOR",
                "3s"));
        Path socket = Files.createDirectory(directory.resolve("pod-resources")).resolve("kubelet.sock");
        try (ExporterProcess exporter = ExporterProcess.start(environment)) {
            try (FakeKubelet kubelet = new FakeKubelet(socket).answers(FakeKubelet.LIST, held())) {
                exporter.await("/metrics", FaultsIT::namesItsOwner);
                assertThat(scrape(exporter).value("gpu_exporter_kubelet_up")).hasValue(1);
            }
            exporter.await("/metrics", page -> page.contains("gpu_exporter_kubelet_up 0.0"));
            ready(exporter, READY);
            exporter.await(
                    "/metrics",
                    page -> Scrape.of(page).all("gpu_power_draw_watts").size() == 2
                            && Scrape.of(page)
                                    .all("gpu_power_draw_watts", "pod", "train-0")
                                    .isEmpty());
            assertThat(scrape(exporter).all("gpu_power_draw_watts")).hasSize(2);
            assertThat(scrape(exporter).value("gpu_exporter_kubelet_up")).hasValue(0);

            try (FakeKubelet kubelet = new FakeKubelet(socket).answers(FakeKubelet.LIST, held())) {
                exporter.await("/metrics", FaultsIT::namesItsOwner);
            }
        }
    }

    private static boolean namesItsOwner(String page) {
        return !Scrape.of(page).all("gpu_power_draw_watts", "pod", "train-0").isEmpty();
    }

    private static ListPodResourcesResponse held() {
        return ListPodResourcesResponse.newBuilder()
                .addPodResources(PodResources.newBuilder()
                        .setNamespace("research")
                        .setName("train-0")
                        .addContainers(ContainerResources.newBuilder()
                                .setName("main")
                                .addDevices(ContainerDevices.newBuilder()
                                        .setResourceName("nvidia.com/gpu")
                                        .addDeviceIds("GPU-c0de0000-0000-4000-8000-000000000000"))))
                .build();
    }

    /** Where the log goes is full, and there is nowhere else to write. */
    @ConcurrentTest
    void theDiskIsFull() throws Exception {
        List<String> under = List.of("sh", "-c", "exec \"$@\" >/dev/full 2>&1", "sh");
        Path scenario = Files.writeString(
                directory.resolve("full.conf"),
                "gpus = [ { model = t4 } ]\npods = []\nfailures = [ { kind = lost, gpu = 0, from = 12s, until = 14s } ]");
        try (ExporterProcess exporter = ExporterProcess.start(environment, under, "--simulate", scenario.toString())) {
            ready(exporter, READY);
            ready(exporter, "no GPU answers\n"); // and would log as much
            ready(exporter, READY);
            assertThat(exporter.log()).isEmpty();
        }
    }

    /** The process needs about 110: its jars are most of them. */
    @ConcurrentTest
    void fileDescriptorsRunOut() throws Exception {
        List<String> under = List.of("sh", "-c", "ulimit -n 130; exec \"$@\"", "sh");
        List<Socket> crowd = new ArrayList<>();
        try (ExporterProcess exporter = ExporterProcess.start(environment, under, "--simulate", "t4")) {
            ready(exporter, READY);
            double polls = scrape(exporter).value("gpu_exporter_polls_total").orElseThrow();
            for (int i = 0; i < 100; i++) {
                crowd.add(new Socket(InetAddress.getLoopbackAddress(), exporter.port()));
            }
            Thread.sleep(4000);
            assertThat(exporter.openFiles().size()).isGreaterThan(125);
            for (Socket socket : crowd) {
                socket.close();
            }

            ready(exporter, READY);
            Scrape after = scrape(exporter);
            assertThat(after.value("gpu_exporter_polls_total").orElseThrow()).isGreaterThan(polls + 4);
            assertThat(after.all("gpu_up")).isNotEmpty().allMatch(gpu -> gpu.value() == 1);
            assertThat(lines(exporter, "no file descriptor is left")).isEqualTo(1);
            assertThat(exporter.log()).doesNotContain("Exception");
        }
    }
}
