package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.exposition.Format;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.Prometheus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Prometheus scrapes the exporter, in each format, and answers the dashboards' questions. */
@Timeout(90)
class PrometheusIT {
    private static final String OPEN_METRICS = "openmetrics";
    private static final String TEXT = "text";

    @TempDir
    private static Path directory;

    private static RunningExporter exporter;
    private static TextRelay relay;
    private static Prometheus prometheus;

    /** Each job has been scraped often enough for a rate. */
    @BeforeAll
    static void start() throws IOException {
        exporter = RunningExporter.live("h200x8");
        relay = new TextRelay(exporter);
        prometheus = Prometheus.scraping(directory, Map.of(OPEN_METRICS, exporter.address(), TEXT, relay.address()));
        Eventually.holds(
                "several scrapes of both jobs with eight GPUs",
                () -> prometheus
                                .query("count_over_time(gpu_up{gpu=\"7\"}[1m]) > 3")
                                .size()
                        == 2);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        try (RunningExporter lastToClose = exporter;
                TextRelay relayBefore = relay) {
            if (prometheus != null) {
                prometheus.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {OPEN_METRICS, TEXT})
    void findsTheTargetUp(String job) {
        assertThat(value("up{job=\"" + job + "\"}")).isEqualTo(1);
        assertThat(value("min_over_time(up{job=\"" + job + "\"}[1m])"))
                .as("at every scrape")
                .isEqualTo(1);
    }

    /** The one declares the family without _total, the other with it. */
    @Test
    void readsEachFormat() {
        assertThat(prometheus.metadata(OPEN_METRICS, "gpu_energy_joules")).hasSize(1);
        assertThat(prometheus.metadata(OPEN_METRICS, "gpu_energy_joules_total")).isEmpty();
        assertThat(prometheus.metadata(TEXT, "gpu_energy_joules_total")).hasSize(1);
        assertThat(prometheus.metadata(TEXT, "gpu_energy_joules")).isEmpty();
        assertThat(relay.accepted()).isNotEmpty().allSatisfy(accept -> assertThat(
                        Format.negotiate(accept).openMetrics())
                .isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {OPEN_METRICS, TEXT})
    void storesWhatIsServed(String job) {
        assertThat(value("sum(gpu_up{job=\"" + job + "\"})")).isEqualTo(8);
        assertThat(value("min(gpu_memory_total_bytes{job=\"" + job + "\"})")).isEqualTo(150_754_820_096.0);
        assertThat(value("max(gpu_power_limit_watts{job=\"" + job + "\",limit=\"enforced\"})"))
                .isEqualTo(700);
        assertThat(value("count(gpu_utilization_ratio{job=\"" + job + "\",pod=\"train-0\",container=\"main\"})"))
                .isEqualTo(1);
        assertThat(value("gpu_exporter_simulated{job=\"" + job + "\"}")).isEqualTo(1);
    }

    /** Joules a second are watts: some 610, as far as seconds between scrapes and between polls let one see. */
    @ParameterizedTest
    @ValueSource(strings = {OPEN_METRICS, TEXT})
    void seesEnergyRise(String job) {
        assertThat(value("rate(gpu_energy_joules_total{job=\"" + job + "\",gpu=\"0\"}[3s])"))
                .isBetween(200.0, 1200.0);
    }

    @Test
    void storesTheSameSeriesFromBoth() {
        assertThat(prometheus.query("{__name__=~\"gpu_.*\",job=\"text\"} unless ignoring(job, instance) "
                        + "{__name__=~\"gpu_.*\",job=\"openmetrics\"}"))
                .isEmpty();
    }

    static Stream<Path> dashboards() throws IOException {
        Path dashboards = Project.directory().resolve("dashboards");
        try (Stream<Path> files = Files.list(dashboards)) {
            return files.filter(file -> file.toString().endsWith(".json")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("dashboards")
    void hasAnAnswerToEveryQuestionOfADashboard(Path dashboard) throws IOException {
        List<String> expressions = new ArrayList<>();
        collectExpressions(new JsonObject(Files.readString(dashboard)), expressions);
        assertThat(expressions).isNotEmpty();
        assertThat(expressions).allSatisfy(expression -> {
            String query = filled(expression);
            assertThat(prometheus.query(query)).as(query).isNotEmpty();
        });
    }

    /** Of panels and those within rows, wherever they stand. */
    private static void collectExpressions(Object json, List<String> expressions) {
        if (json instanceof JsonArray array) {
            array.forEach(element -> collectExpressions(element, expressions));
        } else if (json instanceof JsonObject object) {
            if (object.containsKey("expr")) {
                expressions.add(object.getString("expr"));
            }
            object.forEach(entry -> collectExpressions(entry.getValue(), expressions));
        }
    }

    /** As Grafana fills it in for somebody who looks at this node, all its GPUs and all namespaces. */
    private static String filled(String expression) {
        String filled = expression
                .replaceAll("\\$\\{?__(rate_interval|interval)}?", "10s")
                .replaceAll("\\$\\{?__range}?", "1m")
                .replaceAll("\\$\\{?(node|instance)(:\\w+)?}?", exporter.address())
                .replaceAll("\\$\\{?\\w+(:\\w+)?}?", ".*");
        assertThat(filled).doesNotContain("$");
        return filled;
    }

    private static double value(String expression) {
        JsonArray result = prometheus.query(expression);
        assertThat(result).as(expression).hasSize(1);
        return Double.parseDouble(result.getJsonObject(0).getJsonArray("value").getString(1));
    }
}
