package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.Prometheus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the dashboards ask that people have for DCGM's exporter, of a real Prometheus. They are older than the label
 * {@code hostname}, so {@code Hostname} is on, as docs/moving-from-dcgm.md says.
 */
@Timeout(90)
class DcgmDashboardsIT {
    private static final Path EXPRESSIONS = Project.directory().resolve("src/test/resources/dcgm-dashboards");

    @TempDir
    private static Path directory;

    private static RunningExporter whole;
    private static RunningExporter mig;
    private static Prometheus prometheus;

    @BeforeAll
    static void start() throws IOException {
        Map<String, String> keys =
                Map.of("metrics.naming", "dcgm", "dcgm.capital-hostname", "on", "kubernetes.node-name", "gpu-node-7");
        whole = RunningExporter.live("h200x2", keys);
        mig = RunningExporter.live(
                Project.directory()
                        .resolve("src/test/resources/scenarios/mig-h100.conf")
                        .toString(),
                keys);
        prometheus = Prometheus.scraping(directory, Map.of("whole", whole.address(), "mig", mig.address()));
        Eventually.holds(
                "what needs two polls, of both nodes",
                () -> prometheus
                                .query("group(DCGM_FI_PROF_GR_ENGINE_ACTIVE) by (job)")
                                .size()
                        == 2);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        try (RunningExporter first = whole;
                RunningExporter second = mig) {
            if (prometheus != null) {
                prometheus.close();
            }
        }
    }

    static Stream<String> ofWholeGpus() throws IOException {
        return expressions("12239.promql");
    }

    static Stream<String> ofMigDevices() throws IOException {
        return expressions("mig.promql");
    }

    private static Stream<String> expressions(String file) throws IOException {
        return Files.readAllLines(EXPRESSIONS.resolve(file)).stream().filter(line -> !line.startsWith("#"));
    }

    @ParameterizedTest
    @MethodSource("ofWholeGpus")
    void aDashboardOfWholeGpusHasItsAnswers(String expression) {
        answers(expression, whole);
    }

    @ParameterizedTest
    @MethodSource("ofMigDevices")
    void aDashboardOfMigDevicesHasItsAnswers(String expression) {
        answers(expression, mig);
    }

    /** Over the last seconds: on a busy machine not every poll finds every GPU. */
    private static void answers(String expression, RunningExporter node) {
        String asked = expression
                .replace("$Hostname", "gpu-node-7")
                .replace("$instance", node.address())
                .replace("$gpu", ".*")
                .replace("$profile", ".+");
        assertThat(asked).doesNotContain("$");
        Eventually.holds(asked, () -> !prometheus.query(asked).isEmpty());
    }
}
