package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.exposition.Format;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Prometheus;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Prometheus scrapes the exporter, in each format. */
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

    private static double value(String expression) {
        JsonArray result = prometheus.query(expression);
        assertThat(result).as(expression).hasSize(1);
        return Double.parseDouble(result.getJsonObject(0).getJsonArray("value").getString(1));
    }
}
