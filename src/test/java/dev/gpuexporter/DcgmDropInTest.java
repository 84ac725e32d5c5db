package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.MainProcess;
import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Started as DCGM's exporter is by its chart and by the GPU Operator, in a process of its own: their environment, their
 * arguments, their mounts, and the PIDs of nobody else. The node is simulated, which is all that is added.
 */
@Timeout(120)
class DcgmDropInTest {
    private static final Path SHIPPED = Project.directory().resolve("src/main/resources/dcgm-exporter");

    @TempDir
    private Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private int port;

    @BeforeEach
    void findAPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
    }

    private HttpResponse<String> get(String path) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String awaitMetrics(String part) {
        Eventually.holds(part, () -> get("/metrics").body().contains(part));
        return get("/metrics").body();
    }

    private static List<String> dcgmFamilies(String page) {
        return page.lines()
                .filter(line -> line.startsWith("# TYPE DCGM_"))
                .map(line -> line.split(" ")[2])
                .toList();
    }

    /** As the kubelet mounts a ConfigMap. */
    private Path mounted(String rows) throws IOException {
        version("..1", rows);
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
        return Files.createSymbolicLink(directory.resolve("counters.csv"), Path.of("..data/counters.csv"));
    }

    private void remount(String version, String rows) throws IOException {
        version(version, rows);
        Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(version));
        Files.move(directory.resolve("..data_tmp"), directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void version(String name, String rows) throws IOException {
        Files.createDirectory(directory.resolve(name));
        Files.writeString(directory.resolve(name).resolve("counters.csv"), rows);
    }

    @Test
    void servesUnderTheChartsDaemonSet() throws Exception {
        Map<String, String> environment = Map.of(
                "DCGM_EXPORTER_KUBERNETES", "true",
                "DCGM_EXPORTER_LISTEN", ":" + port,
                "NODE_NAME", "gpu-node-7");
        String file = SHIPPED.resolve("dcp-metrics-included.csv").toString();
        try (MainProcess exporter = MainProcess.start(environment, "-f", file, "--simulate", "h200x2")) {
            exporter.awaitError("ctrl-c to stop");
            String page = awaitMetrics("DCGM_FI_PROF_GR_ENGINE_ACTIVE{");
            assertThat(get("/health").statusCode()).isEqualTo(200);
            assertThat(dcgmFamilies(page)).hasSizeGreaterThan(20);
            assertThat(page)
                    .contains("hostname=\"gpu-node-7\",DCGM_FI_DRIVER_VERSION=")
                    .contains("pod=\"train-0\"")
                    .doesNotContain("gpu_utilization_ratio");
        }
    }

    @Test
    void servesUnderTheGpuOperatorsDaemonSet() throws Exception {
        Path jobs = Files.createDirectory(directory.resolve("jobs"));
        Map<String, String> environment = new HashMap<>(Map.of(
                "DCGM_EXPORTER_LISTEN", ":" + port,
                "DCGM_EXPORTER_KUBERNETES", "true",
                "DCGM_EXPORTER_COLLECTORS",
                        SHIPPED.resolve("dcp-metrics-included.csv").toString(),
                "DCGM_EXPORTER_INTERVAL", "1000",
                "NODE_NAME", "gpu-node-7",
                "DCGM_REMOTE_HOSTENGINE_INFO", "nvidia-dcgm:5555",
                "DCGM_HPC_JOB_MAPPING_DIR", jobs.toString()));
        environment.putAll(Map.of(
                "DCGM_EXPORTER_KUBERNETES_ENABLE_POD_LABELS", "true",
                "DCGM_EXPORTER_KUBERNETES_ENABLE_POD_UID", "true",
                "DCGM_EXPORTER_KUBERNETES_POD_LABEL_ALLOWLIST_REGEX", "^app$,^team",
                "NVIDIA_DCGM_EXPORTER_PORT", "tcp://10.96.0.7:9400"));
        try (MainProcess exporter = MainProcess.start(environment, "--simulate", "h200x2")) {
            exporter.awaitError(
                    "DCGM_REMOTE_HOSTENGINE_INFO nvidia-dcgm:5555: not supported, ignored; this node's driver is asked");
            exporter.awaitError("ctrl-c to stop");
            awaitMetrics("DCGM_FI_DEV_GPU_UTIL{");
            assertThat(get("/health").statusCode()).isEqualTo(200);
            Files.writeString(jobs.resolve("0"), "4711\n");
            assertThat(awaitMetrics("hpc_job=\"4711\""))
                    .containsPattern("DCGM_FI_DEV_GPU_UTIL\\{gpu=\"0\".*,hpc_job=\"4711\"");
        }
    }

    @Test
    void takesANewListOfCountersWhileItRuns() throws Exception {
        Path file = mounted("DCGM_FI_DEV_GPU_TEMP, gauge, Warm.\n");
        Map<String, String> environment = Map.of("DCGM_EXPORTER_LISTEN", "127.0.0.1:" + port);
        try (MainProcess exporter =
                MainProcess.start(environment, "--collectors=" + file, "-c", "1000", "--simulate", "t4")) {
            exporter.awaitError("ctrl-c to stop");
            assertThat(dcgmFamilies(awaitMetrics("DCGM_FI_DEV_GPU_TEMP{"))).containsExactly("DCGM_FI_DEV_GPU_TEMP");
            remount("..2", "DCGM_FI_DEV_GPU_UTIL, gauge, Load.\nDCGM_FI_DEV_BRAND, label, Brand.\n");
            assertThat(awaitMetrics("# HELP DCGM_FI_DEV_GPU_UTIL Load."))
                    .contains("DCGM_FI_DEV_BRAND=\"")
                    .doesNotContain("DCGM_FI_DEV_GPU_TEMP");
            remount("..3", "DCGM_FI_DEV_GPU_UTIL\n");
            exporter.awaitError(file + ": 1: a row has three columns, not 1; write FIELD, type, help,"
                    + " and help with commas in double quotes; the fields from before stand");
            assertThat(dcgmFamilies(get("/metrics").body())).containsExactly("DCGM_FI_DEV_GPU_UTIL");
        }
    }

    /** Engines, single links and peers are not read unless somebody asks for them. */
    @Test
    void readsWhatANewListAsksFor() throws Exception {
        Path file = mounted("DCGM_FI_DEV_GPU_TEMP, gauge, Warm.\n");
        Map<String, String> environment = Map.of("DCGM_EXPORTER_LISTEN", "127.0.0.1:" + port);
        try (MainProcess exporter =
                MainProcess.start(environment, "--collectors=" + file, "-c", "1000", "--simulate", "b200x2")) {
            exporter.awaitError("ctrl-c to stop");
            awaitMetrics("DCGM_FI_DEV_GPU_TEMP{");
            remount(
                    "..2",
                    "DCGM_EXP_P2P_STATUS, gauge, Peers.\n"
                            + "DCGM_FI_PROF_NVDEC6_ACTIVE, gauge, The last decoder.\n"
                            + "DCGM_FI_PROF_NVLINK_L17_TX_BYTES, gauge, The last link.\n"
                            + "DCGM_FI_DEV_NVLINK_COUNT_RX_PACKETS, counter, Packets.\n");
            awaitMetrics("DCGM_FI_PROF_NVDEC6_ACTIVE{");
            assertThat(awaitMetrics("link_status=\"OK\",peer_gpu=\"1\""))
                    .contains("link_status=\"OK\",peer_gpu=\"0\"")
                    .contains("DCGM_FI_PROF_NVLINK_L17_TX_BYTES{gpu=\"1\"")
                    .contains("DCGM_FI_DEV_NVLINK_COUNT_RX_PACKETS{gpu=\"1\"");
        }
    }

    @Test
    void endsWithALineWhereTheListCannotBeUsed() throws Exception {
        Path file = mounted("DCGM_FI_DEV_GPU_UTILL, gauge, Load.\n");
        MainProcess.Ended ended = MainProcess.run(Map.of(), "-f", file.toString(), "--simulate", "t4");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.errors())
                .last()
                .asString()
                .isEqualTo("gpu-exporter: " + file
                        + ": 1: DCGM_FI_DEV_GPU_UTILL is no known field; did you mean DCGM_FI_DEV_GPU_UTIL?");
    }
}
