package dev.gpuexporter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.config.Settings.LogLevel;
import dev.gpuexporter.config.Settings.Naming;
import dev.gpuexporter.config.SettingsLoader.Flag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {
    private static final Optional<Path> NO_FILE = Optional.empty();

    @TempDir
    private Path directory;

    @Test
    void keepsTheDefaultsBelowASectionThatWasFirstWrittenAsAValue() throws IOException {
        Settings settings = load(file("kubernetes = 5s", "kubernetes.keep-for = 5s"), Map.of());
        assertThat(settings.kubernetes().keepFor()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.kubernetes().refreshInterval()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void knowsTheDefaults() {
        assertThat(load(NO_FILE, Map.of()))
                .isEqualTo(new Settings(
                        new ListenAddress("0.0.0.0", 9400),
                        new Settings.Web(Optional.empty(), false, Optional.empty()),
                        Duration.ofSeconds(5),
                        Optional.empty(),
                        Duration.ofSeconds(60),
                        Naming.NATIVE,
                        Set.of(
                                "utilization",
                                "memory",
                                "temperature",
                                "fans",
                                "power",
                                "clocks",
                                "health",
                                "ecc",
                                "pcie",
                                "nvlink",
                                "nvlink-per-link",
                                "profiling",
                                "processes",
                                "workload-usage",
                                "events",
                                "vgpu"),
                        List.of(13, 31, 43, 45, 48, 61, 62, 63, 64, 74, 79, 92, 94, 95, 109, 119, 120, 140, 143, 154),
                        new Settings.Kubernetes(
                                AttributionMode.LABELS,
                                Optional.empty(),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(60),
                                List.of(),
                                new Settings.ApiServer(Optional.empty(), false, List.of(), false)),
                        new Settings.Dcgm(
                                true,
                                false,
                                false,
                                false,
                                false,
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(5),
                                Optional.empty(),
                                Optional.empty()),
                        LogLevel.INFO));
    }

    @Test
    void readsEveryKeyFromAFile() {
        Settings settings = load(
                file(
                        "listen = \"[::1]:9500\"",
                        "poll.interval = 1500ms",
                        "nvml { library = /opt/driver }",
                        "metrics { ecc = off, pcie = no, pcie-throughput = on, nvlink = off, nvlink-per-link = off, fans = false }",
                        "metrics { profiling = off, processes = off, workload-usage = off, events = off, peak-window = 5m }",
                        "metrics { engines = on, link-details = on, p2p = on }",
                        "metrics.naming = both",
                        "dcgm { hostname = off, capital-hostname = on, old-namespace = on, virtual-gpus = on }",
                        "dcgm { replace-blanks = on, xid-window = 10m, clock-event-window = 30s }",
                        "dcgm { collectors = /etc/counters.csv, hpc-job-mapping-dir = /run/jobs }",
                        "events.xids = [ 79, \"13\", 79 ]",
                        "kubernetes {",
                        "  attribution = info",
                        "  kubelet-root = /var/lib/k0s/kubelet",
                        "  refresh-interval = 0.5m",
                        "  keep-for = 0s",
                        "  resources = [ nvidia.com/gpu, \"nvidia.com/mig-*\" ]",
                        "  node-name = gpu-node-7.example",
                        "  pod-metadata = on",
                        "  pod-labels = [ team, app.kubernetes.io/name ]",
                        "  resource-slices = yes",
                        "}",
                        "log.level = debug"),
                Map.of());
        assertThat(settings)
                .isEqualTo(new Settings(
                        new ListenAddress("::1", 9500),
                        new Settings.Web(Optional.empty(), false, Optional.empty()),
                        Duration.ofMillis(1500),
                        Optional.of(Path.of("/opt/driver")),
                        Duration.ofMinutes(5),
                        Naming.BOTH,
                        Set.of(
                                "utilization",
                                "memory",
                                "temperature",
                                "power",
                                "clocks",
                                "health",
                                "vgpu",
                                "pcie-throughput",
                                "engines",
                                "link-details",
                                "p2p"),
                        List.of(79, 13),
                        new Settings.Kubernetes(
                                AttributionMode.INFO,
                                Optional.of(Path.of("/var/lib/k0s/kubelet")),
                                Duration.ofSeconds(30),
                                Duration.ZERO,
                                List.of("nvidia.com/gpu", "nvidia.com/mig-*"),
                                new Settings.ApiServer(
                                        Optional.of("gpu-node-7.example"),
                                        true,
                                        List.of("team", "app.kubernetes.io/name"),
                                        true)),
                        new Settings.Dcgm(
                                false,
                                true,
                                true,
                                true,
                                true,
                                Duration.ofMinutes(10),
                                Duration.ofSeconds(30),
                                Optional.of(Path.of("/etc/counters.csv")),
                                Optional.of(Path.of("/run/jobs"))),
                        LogLevel.DEBUG));
    }

    @Test
    void readsEveryKeyFromTheEnvironment() {
        Settings settings = load(
                NO_FILE,
                Map.ofEntries(
                        Map.entry("GPU_EXPORTER_LISTEN", "127.0.0.1:9500"),
                        Map.entry("GPU_EXPORTER_POLL_INTERVAL", "2s"),
                        Map.entry("GPU_EXPORTER_NVML_LIBRARY", "/opt/driver"),
                        Map.entry("GPU_EXPORTER_METRICS_UTILIZATION", "off"),
                        Map.entry("GPU_EXPORTER_METRICS_MEMORY", "off"),
                        Map.entry("GPU_EXPORTER_METRICS_TEMPERATURE", "No"),
                        Map.entry("GPU_EXPORTER_METRICS_FANS", "OFF"),
                        Map.entry("GPU_EXPORTER_METRICS_POWER", "false"),
                        Map.entry("GPU_EXPORTER_METRICS_CLOCKS", "False"),
                        Map.entry("GPU_EXPORTER_METRICS_HEALTH", "no"),
                        Map.entry("GPU_EXPORTER_METRICS_ECC", "True"),
                        Map.entry("GPU_EXPORTER_METRICS_PEAK_WINDOW", "30s"),
                        Map.entry("GPU_EXPORTER_METRICS_NAMING", "DCGM"),
                        Map.entry("GPU_EXPORTER_DCGM_HOSTNAME", "no"),
                        Map.entry("GPU_EXPORTER_DCGM_CAPITAL_HOSTNAME", "on"),
                        Map.entry("GPU_EXPORTER_DCGM_OLD_NAMESPACE", "true"),
                        Map.entry("GPU_EXPORTER_DCGM_VIRTUAL_GPUS", "yes"),
                        Map.entry("GPU_EXPORTER_DCGM_REPLACE_BLANKS", "on"),
                        Map.entry("GPU_EXPORTER_DCGM_XID_WINDOW", "1m"),
                        Map.entry("GPU_EXPORTER_DCGM_CLOCK_EVENT_WINDOW", "2m"),
                        Map.entry("GPU_EXPORTER_DCGM_COLLECTORS", "counters.csv"),
                        Map.entry("GPU_EXPORTER_DCGM_HPC_JOB_MAPPING_DIR", "/jobs"),
                        Map.entry("GPU_EXPORTER_METRICS_PCIE", "no"),
                        Map.entry("GPU_EXPORTER_METRICS_VGPU", "no"),
                        Map.entry("GPU_EXPORTER_METRICS_NVLINK", "off"),
                        Map.entry("GPU_EXPORTER_METRICS_NVLINK_PER_LINK", "off"),
                        Map.entry("GPU_EXPORTER_METRICS_PROFILING", "off"),
                        Map.entry("GPU_EXPORTER_METRICS_PROCESSES", "no"),
                        Map.entry("GPU_EXPORTER_METRICS_WORKLOAD_USAGE", "off"),
                        Map.entry("GPU_EXPORTER_METRICS_EVENTS", "off"),
                        Map.entry("GPU_EXPORTER_EVENTS_XIDS", "48, 79"),
                        Map.entry("GPU_EXPORTER_KUBERNETES_ATTRIBUTION", "Off"),
                        Map.entry("GPU_EXPORTER_KUBERNETES_KUBELET_ROOT", "/kubelet"),
                        Map.entry("GPU_EXPORTER_KUBERNETES_REFRESH_INTERVAL", "1m"),
                        Map.entry("GPU_EXPORTER_KUBERNETES_KEEP_FOR", "1h"),
                        Map.entry("GPU_EXPORTER_KUBERNETES_RESOURCES", "nvidia.com/gpu, nvidia.com/mig-*,"),
                        Map.entry("GPU_EXPORTER_KUBERNETES_NODE_NAME", "node-a"),
                        Map.entry("GPU_EXPORTER_KUBERNETES_POD_METADATA", "on"),
                        Map.entry("GPU_EXPORTER_KUBERNETES_POD_LABELS", "team, tier"),
                        Map.entry("GPU_EXPORTER_KUBERNETES_RESOURCE_SLICES", "on"),
                        Map.entry("GPU_EXPORTER_LOG_LEVEL", "WARN")));
        assertThat(settings)
                .isEqualTo(new Settings(
                        new ListenAddress("127.0.0.1", 9500),
                        new Settings.Web(Optional.empty(), false, Optional.empty()),
                        Duration.ofSeconds(2),
                        Optional.of(Path.of("/opt/driver")),
                        Duration.ofSeconds(30),
                        Naming.DCGM,
                        Set.of("ecc"),
                        List.of(48, 79),
                        new Settings.Kubernetes(
                                AttributionMode.OFF,
                                Optional.of(Path.of("/kubelet")),
                                Duration.ofMinutes(1),
                                Duration.ofHours(1),
                                List.of("nvidia.com/gpu", "nvidia.com/mig-*"),
                                new Settings.ApiServer(Optional.of("node-a"), true, List.of("team", "tier"), true)),
                        new Settings.Dcgm(
                                false,
                                true,
                                true,
                                true,
                                true,
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(2),
                                Optional.of(Path.of("counters.csv")),
                                Optional.of(Path.of("/jobs"))),
                        LogLevel.WARN));
    }

    @Test
    void takesTheNodesNameFromTheVariableThatEverybodySets() {
        assertThat(nodeName(Map.of("NODE_NAME", "node-a"))).contains("node-a");
        assertThat(nodeName(Map.of("NODE_NAME", "node-a", "GPU_EXPORTER_KUBERNETES_NODE_NAME", "node-b")))
                .contains("node-b");
        assertThat(nodeName(Map.of("NODE_NAME", ""))).isEmpty();
    }

    private static Optional<String> nodeName(Map<String, String> environment) {
        return load(NO_FILE, environment).kubernetes().apiServer().nodeName();
    }

    @Test
    void laysTheFileOverTheDefaultsTheEnvironmentOverTheFileAndFlagsOnTop() {
        Optional<Path> file = file("listen = \"0.0.0.0:2\"", "poll.interval = 2s", "log.level = trace");
        Map<String, String> environment =
                Map.of("GPU_EXPORTER_LISTEN", "0.0.0.0:3", "GPU_EXPORTER_POLL_INTERVAL", "3s");
        Settings settings = new SettingsLoader()
                .load(file, environment, List.of(new Flag("--listen", "listen", "0.0.0.0:4")))
                .settings();
        assertThat(settings.listen().port()).isEqualTo(4);
        assertThat(settings.pollInterval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.logLevel()).isEqualTo(LogLevel.TRACE);
        assertThat(settings.kubernetes().attribution()).isEqualTo(AttributionMode.LABELS);
    }

    @ParameterizedTest
    @CsvSource({
        "5s, 5000",
        "500ms, 500",
        "0.5s, 500",
        "1m, 60000",
        "1min, 60000",
        "1h, 3600000",
        "5 s, 5000",
        "5S, 5000",
        "' 5s ', 5000",
        "100ms, 100",
    })
    void readsDurations(String written, long milliseconds) {
        assertThat(load(NO_FILE, Map.of("GPU_EXPORTER_POLL_INTERVAL", written)).pollInterval())
                .hasMillis(milliseconds);
    }

    @Test
    void letsAFileReferToWhatMayBeMissingFromTheEnvironment() {
        assertThat(load(file("listen = \"127.0.0.1:9500\"", "listen = ${?NO_SUCH_VARIABLE_ANYWHERE}"), Map.of())
                        .listen())
                .hasToString("127.0.0.1:9500");
    }

    @Test
    void readsJsonToo() {
        Path json = write(directory.resolve("exporter.json"), "{\"poll\": {\"interval\": \"7s\"}}");
        assertThat(load(Optional.of(json), Map.of()).pollInterval()).hasSeconds(7);
    }

    @Test
    void anEmptyFileChangesNothing() {
        assertThat(load(file(""), Map.of())).isEqualTo(load(NO_FILE, Map.of()));
    }

    @Test
    void warnsOfAVariableThatItDoesNotKnow() {
        assertThat(warnings(Map.of("GPU_EXPORTER_POL_INTERVAL", "5s")))
                .containsExactly(
                        "GPU_EXPORTER_POL_INTERVAL: no such setting, ignored; did you mean GPU_EXPORTER_POLL_INTERVAL?");
        assertThat(warnings(Map.of("GPU_EXPORTER_COLOUR", "red")))
                .containsExactly("GPU_EXPORTER_COLOUR: no such setting, ignored");
    }

    @Test
    void warnsOfAPortThatSomebodyMeant() {
        assertThat(warnings(Map.of("GPU_EXPORTER_PORT", "9500")))
                .containsExactly("GPU_EXPORTER_PORT: no such setting, ignored");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GPU_EXPORTER_SERVICE_HOST=10.96.0.7",
                "GPU_EXPORTER_SERVICE_PORT=9400",
                "GPU_EXPORTER_SERVICE_PORT_METRICS=9400",
                "GPU_EXPORTER_PORT=tcp://10.96.0.7:9400",
                "GPU_EXPORTER_PORT_9400_TCP=tcp://10.96.0.7:9400",
                "GPU_EXPORTER_PORT_9400_TCP_ADDR=10.96.0.7",
                "GPU_EXPORTER_PORT_9400_TCP_PORT=9400",
                "GPU_EXPORTER_PORT_9400_TCP_PROTO=tcp",
                "GPU_EXPORTER_PROMETHEUS_SERVICE_HOST=10.96.0.8",
                "GPU_EXPORTER_PROMETHEUS_PORT=tcp://10.96.0.8:9400",
                "GPU_EXPORTER_PROMETHEUS_PORT_9400_TCP_ADDR=10.96.0.8",
                "GPU_EXPORTERS=3",
                "PATH=/usr/bin",
            })
    void passesOverWhatKubernetesSetsForAService(String variable) {
        String[] nameAndValue = variable.split("=", 2);
        assertThat(warnings(Map.of(nameAndValue[0], nameAndValue[1]))).isEmpty();
    }

    private static Settings load(Optional<Path> file, Map<String, String> environment) {
        return new SettingsLoader().load(file, environment, List.of()).settings();
    }

    private static List<String> warnings(Map<String, String> environment) {
        return new SettingsLoader().load(NO_FILE, environment, List.of()).warnings();
    }

    private Optional<Path> file(String... lines) {
        return Optional.of(write(directory.resolve("exporter.conf"), lines));
    }

    private static Path write(Path file, String... lines) {
        try {
            return Files.write(file, List.of(lines));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
