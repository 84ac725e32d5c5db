package dev.gpuexporter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.config.DcgmSwitch.Given;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.config.Settings.Dcgm;
import dev.gpuexporter.config.Settings.LogLevel;
import dev.gpuexporter.config.Settings.Naming;
import dev.gpuexporter.config.SettingsLoader.Flag;
import dev.gpuexporter.config.SettingsLoader.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DcgmSwitchesTest {
    private static Loaded load(Map<String, String> environment) {
        return new SettingsLoader().load(Optional.empty(), environment, List.of());
    }

    private static Settings settings(String variable, String value) {
        Loaded loaded = load(Map.of(variable, value, "NODE_NAME", "node-a"));
        assertThat(loaded.warnings()).isEmpty();
        return loaded.settings();
    }

    private static Dcgm dcgm(String variable, String value) {
        return settings(variable, value).dcgm();
    }

    @Test
    void setWhatTheySetThere() {
        assertThat(settings("DCGM_EXPORTER_LISTEN", ":9401").listen()).isEqualTo(new ListenAddress("0.0.0.0", 9401));
        assertThat(settings("DCGM_EXPORTER_INTERVAL", "30000").pollInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings("DCGM_EXPORTER_KUBERNETES", "false").kubernetes().attribution())
                .isEqualTo(AttributionMode.OFF);
        assertThat(settings("DCGM_EXPORTER_KUBERNETES", "true").kubernetes().attribution())
                .isEqualTo(AttributionMode.LABELS);
        assertThat(settings("DCGM_EXPORTER_DEBUG", "1").logLevel()).isEqualTo(LogLevel.DEBUG);
        assertThat(settings("DCGM_EXPORTER_DEBUG", "0").logLevel()).isEqualTo(LogLevel.INFO);
        assertThat(settings("NVIDIA_RESOURCE_NAMES", "nvidia.com/a100, example.com/gpu")
                        .kubernetes()
                        .resources())
                .containsExactly("nvidia.com/*", "nvidia.com/a100", "example.com/gpu");
        assertThat(settings("DCGM_POD_RESOURCES_KUBELET_SOCKET", "/k8s/pod-resources/kubelet.sock")
                        .kubernetes()
                        .kubeletRoot())
                .contains(Path.of("/k8s"));
        assertThat(dcgm("DCGM_EXPORTER_COLLECTORS", "/etc/dcgm-exporter/my.csv").collectors())
                .contains(Path.of("/etc/dcgm-exporter/my.csv"));
        assertThat(dcgm("DCGM_EXPORTER_USE_OLD_NAMESPACE", "true").oldNamespace())
                .isTrue();
        assertThat(dcgm("DCGM_EXPORTER_NO_HOSTNAME", "T").hostname()).isFalse();
        assertThat(dcgm("DCGM_EXPORTER_REPLACE_BLANKS_IN_MODEL_NAME", "true").replaceBlanks())
                .isTrue();
        assertThat(dcgm("DCGM_EXPORTER_XID_COUNT_WINDOW_SIZE", "60000").xidWindow())
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(dcgm("DCGM_EXPORTER_CLOCK_EVENTS_COUNT_WINDOW_SIZE", "120000")
                        .clockEventWindow())
                .isEqualTo(Duration.ofMinutes(2));
        assertThat(dcgm("DCGM_HPC_JOB_MAPPING_DIR", "/run/slurm/gpus").hpcJobMappingDir())
                .contains(Path.of("/run/slurm/gpus"));
        assertThat(dcgm("KUBERNETES_VIRTUAL_GPUS", "true").virtualGpus()).isTrue();
        assertThat(settings("KUBERNETES_ENABLE_DRA", "true")
                        .kubernetes()
                        .apiServer()
                        .resourceSlices())
                .isTrue();
    }

    @Test
    void podLabelsAreAllUnlessThereIsAList() {
        Settings.ApiServer all = settings("DCGM_EXPORTER_KUBERNETES_ENABLE_POD_LABELS", "true")
                .kubernetes()
                .apiServer();
        assertThat(all.podMetadata()).isTrue();
        assertThat(all.podLabels()).containsExactly("/.*/");
        assertThat(settings("DCGM_EXPORTER_KUBERNETES_ENABLE_POD_UID", "true")
                        .kubernetes()
                        .apiServer())
                .isEqualTo(new Settings.ApiServer(Optional.of("node-a"), true, List.of(), false));
        assertThat(load(Map.of(
                                "NODE_NAME", "node-a",
                                "DCGM_EXPORTER_KUBERNETES_ENABLE_POD_LABELS", "true",
                                "DCGM_EXPORTER_KUBERNETES_POD_LABEL_ALLOWLIST_REGEX", "^app$, ^team"))
                        .settings()
                        .kubernetes()
                        .apiServer()
                        .podLabels())
                .containsExactly("/^app$/", "/^team/");
        assertThatThrownBy(() -> load(Map.of("DCGM_EXPORTER_KUBERNETES_POD_LABEL_ALLOWLIST_REGEX", "te(am")))
                .isInstanceOf(BadInputException.class)
                .hasMessage("DCGM_EXPORTER_KUBERNETES_POD_LABEL_ALLOWLIST_REGEX: \"/te(am/\" is no regular expression:"
                        + " Unclosed group; write /^team/");
    }

    @ParameterizedTest
    @MethodSource("switches")
    void anyMakesDcgmsNamesTheDefault(DcgmSwitch one) throws IOException {
        String value =
                switch (one.variable()) {
                    case "DCGM_EXPORTER_INTERVAL",
                            "DCGM_EXPORTER_XID_COUNT_WINDOW_SIZE",
                            "DCGM_EXPORTER_CLOCK_EVENTS_COUNT_WINDOW_SIZE" -> "10000";
                    case "DCGM_EXPORTER_LISTEN" -> ":9400";
                    default -> one.takesValue() ? "f" : "true";
                };
        Map<String, String> environment = Map.of(one.variable(), value, "NODE_NAME", "node-a");
        assertThat(load(environment).settings().naming()).isEqualTo(Naming.DCGM);
        Path file = Files.writeString(directory.resolve("exporter.conf"), "metrics.naming = both");
        assertThat(new SettingsLoader()
                        .load(Optional.of(file), environment, List.of())
                        .settings()
                        .naming())
                .isEqualTo(Naming.BOTH);
    }

    static List<DcgmSwitch> switches() {
        return DcgmSwitches.ALL;
    }

    @TempDir
    private Path directory;

    @Test
    void nothingElseDoes() {
        for (Map<String, String> environment : List.of(
                Map.of("NODE_NAME", "node-a"),
                Map.of("DCGM_EXPORTER_LISTEN", ""),
                Map.of("DCGM_EXPORTER_SERVICE_HOST", "10.0.0.1", "DCGM_EXPORTER_PORT", "tcp://10.0.0.1:9400"),
                Map.of("DCGM_EXPORTER_PORT_9400_TCP_ADDR", "10.0.0.1"))) {
            Loaded loaded = load(environment);
            assertThat(loaded.settings().naming()).as("%s", environment).isEqualTo(Naming.NATIVE);
            assertThat(loaded.warnings()).as("%s", environment).isEmpty();
        }
    }

    @Test
    void ourOwnVariablesAreAboveThemAndFlagsAboveBoth() {
        Map<String, String> environment =
                Map.of("DCGM_EXPORTER_INTERVAL", "30000", "GPU_EXPORTER_POLL_INTERVAL", "10s");
        assertThat(load(environment).settings().pollInterval()).isEqualTo(Duration.ofSeconds(10));
        DcgmSwitch interval = DcgmSwitches.ALL.stream()
                .filter(one -> one.flags().contains("-c"))
                .findFirst()
                .orElseThrow();
        assertThat(new SettingsLoader()
                        .load(
                                Optional.empty(),
                                environment,
                                List.of(new Given(interval, "--collect-interval", "2000")),
                                List.of())
                        .settings()
                        .pollInterval())
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(new SettingsLoader()
                        .load(
                                Optional.empty(),
                                Map.of("DCGM_EXPORTER_LISTEN", ":9400"),
                                List.of(new Flag("--listen", "listen", "127.0.0.1:1")))
                        .settings()
                        .listen()
                        .port())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DCGM_EXPORTER_DEVICES_STR         | g:0,1           | all GPUs, or their instances, are shown
            DCGM_REMOTE_HOSTENGINE_INFO       | nvidia-dcgm:5555 | this node's driver is asked
            DCGM_EXPORTER_CONFIGMAP_DATA      | monitoring:csv  | mount the ConfigMap, and name its file by DCGM_EXPORTER_COLLECTORS
            DCGM_EXPORTER_LOG_FORMAT          | json            | the log is text
            DCGM_EXPORTER_USE_FAKE_GPUS       | true            | --simulate shows GPUs that are not there
            """)
    void whatThereIsNotIsSaidByName(String variable, String value, String instead) {
        assertThat(load(Map.of(variable, value)).warnings())
                .containsExactly(variable + " " + value + ": not supported, ignored; " + instead);
    }

    @ParameterizedTest
    @CsvSource({
        "DCGM_EXPORTER_DEVICES_STR, f",
        "DCGM_EXPORTER_CONFIGMAP_DATA, none",
        "DCGM_EXPORTER_LOG_FORMAT, text",
        "DCGM_EXPORTER_ENABLE_DCGM_LOG, false",
        "DCGM_EXPORTER_KUBERNETES_GPU_ID_TYPE, device-name",
        "DISABLE_STARTUP_VALIDATE, true"
    })
    void whatAsksForNothingMissingIsNotSaid(String variable, String value) {
        assertThat(load(Map.of(variable, value)).warnings()).isEmpty();
    }

    @Test
    void oneThatNobodyKnowsIsSaidWithWhatWasMeant() {
        assertThat(load(Map.of("DCGM_EXPORTER_INTERVALL", "1")).warnings())
                .containsExactly("DCGM_EXPORTER_INTERVALL: not known as a switch of DCGM's exporter, ignored;"
                        + " did you mean DCGM_EXPORTER_INTERVAL?");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DCGM_EXPORTER_INTERVAL   | 5s    | DCGM_EXPORTER_INTERVAL: "5s" is no number of milliseconds; write 5000
            DCGM_EXPORTER_INTERVAL   | 5     | DCGM_EXPORTER_INTERVAL: 5ms is not between 100ms and 1h
            DCGM_EXPORTER_KUBERNETES | maybe | DCGM_EXPORTER_KUBERNETES: "maybe" is neither true nor false; write true or false
            DCGM_EXPORTER_LISTEN     | 9400  | DCGM_EXPORTER_LISTEN: "9400" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400
            """)
    void whatCannotBeMeantIsRefusedUnderItsOwnName(String variable, String value, String problem) {
        assertThatThrownBy(() -> load(Map.of(variable, value)))
                .isInstanceOf(BadInputException.class)
                .hasMessage(problem);
    }

    @Test
    void noTwoHaveOneName() {
        Set<String> names = new HashSet<>();
        assertThat(DcgmSwitches.ALL).allSatisfy(one -> {
            assertThat(names.add(one.variable())).as(one.variable()).isTrue();
            assertThat(one.flags())
                    .allSatisfy(flag -> assertThat(names.add(flag)).as(flag).isTrue());
        });
    }
}
