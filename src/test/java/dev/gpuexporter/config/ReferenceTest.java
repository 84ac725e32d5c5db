package dev.gpuexporter.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code reference.conf} says of each key is true. */
class ReferenceTest {
    private static final Config REFERENCE = ConfigFactory.parseResources("reference.conf");

    static Stream<String> keys() {
        return REFERENCE.entrySet().stream().map(Map.Entry::getKey).sorted();
    }

    @Test
    void hasTheKeysThatThereAre() {
        assertThat(keys())
                .containsExactly(
                        "dcgm.capital-hostname",
                        "dcgm.clock-event-window",
                        "dcgm.collectors",
                        "dcgm.hostname",
                        "dcgm.hpc-job-mapping-dir",
                        "dcgm.old-namespace",
                        "dcgm.replace-blanks",
                        "dcgm.virtual-gpus",
                        "dcgm.xid-window",
                        "events.xids",
                        "kubernetes.attribution",
                        "kubernetes.keep-for",
                        "kubernetes.kubelet-root",
                        "kubernetes.node-name",
                        "kubernetes.pod-labels",
                        "kubernetes.pod-metadata",
                        "kubernetes.refresh-interval",
                        "kubernetes.resource-slices",
                        "kubernetes.resources",
                        "listen",
                        "log.level",
                        "metrics.clocks",
                        "metrics.ecc",
                        "metrics.engines",
                        "metrics.events",
                        "metrics.fans",
                        "metrics.health",
                        "metrics.link-details",
                        "metrics.memory",
                        "metrics.naming",
                        "metrics.nvlink",
                        "metrics.nvlink-per-link",
                        "metrics.p2p",
                        "metrics.pcie",
                        "metrics.pcie-throughput",
                        "metrics.peak-window",
                        "metrics.power",
                        "metrics.processes",
                        "metrics.profiling",
                        "metrics.temperature",
                        "metrics.utilization",
                        "metrics.vgpu",
                        "metrics.workload-usage",
                        "nvml.library",
                        "poll.interval",
                        "web.config-file",
                        "web.kubernetes-auth",
                        "web.probe-listen");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void namesTheVariableOfEachKeyRightAboveIt(String key) {
        List<String> comments = comments(REFERENCE.getValue(key));
        assertThat(comments).isNotEmpty();
        assertThat(comments.get(comments.size() - 1).split(", ")[0]).isEqualTo(SettingsLoader.variable(key));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void saysWhatEachKeyIsFor(String key) {
        assertThat(String.join(" ", comments(REFERENCE.getValue(key)))).matches(".+[.a-z] GPU_EXPORTER_.+");
    }

    @ParameterizedTest
    @CsvSource({
        "listen, GPU_EXPORTER_LISTEN",
        "poll.interval, GPU_EXPORTER_POLL_INTERVAL",
        "kubernetes.kubelet-root, GPU_EXPORTER_KUBERNETES_KUBELET_ROOT",
    })
    void derivesTheVariableFromTheKey(String key, String variable) {
        assertThat(SettingsLoader.variable(key)).isEqualTo(variable);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void eachVariableReallySetsItsKey(String key) {
        String variable = SettingsLoader.variable(key);
        assertThat(new SettingsLoader()
                        .load(Optional.empty(), Map.of(variable, example(key)), List.of())
                        .warnings())
                .isEmpty();
    }

    private static String example(String key) {
        return switch (key) {
            case "kubernetes.resources" -> "nvidia.com/gpu";
            case "kubernetes.pod-labels" -> "team";
            case "events.xids" -> "13, 79";
            default -> REFERENCE.getString(key);
        };
    }

    private static List<String> comments(ConfigValue value) {
        return value.origin().comments().stream().map(String::strip).toList();
    }
}
