package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

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

/** A real Prometheus, which would rather have OpenMetrics, scrapes a node under DCGM's names. */
@Timeout(90)
class DcgmPrometheusIT {
    @TempDir
    private static Path directory;

    private static RunningExporter dcgm;
    private static RunningExporter both;
    private static Prometheus prometheus;

    /** Each job has been scraped often enough for a rate. */
    @BeforeAll
    static void start() throws IOException {
        dcgm = RunningExporter.live("h200x8", Map.of("metrics.naming", "dcgm"));
        both = RunningExporter.live("h200x8", Map.of("metrics.naming", "both"));
        prometheus = Prometheus.scraping(directory, Map.of("dcgm", dcgm.address(), "both", both.address()));
        Eventually.holds(
                "several scrapes of both jobs with eight GPUs",
                () -> prometheus
                                .query("count_over_time(DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL{gpu=\"7\"}[1m]) > 3")
                                .size()
                        == 2);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        try (RunningExporter first = dcgm;
                RunningExporter second = both) {
            if (prometheus != null) {
                prometheus.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dcgm", "both"})
    void isScrapedWithoutFault(String job) {
        assertThat(value("min_over_time(up{job=\"" + job + "\"}[1m])")).isEqualTo(1);
        assertThat(value("count(DCGM_FI_DEV_GPU_UTIL{job=\"" + job + "\"})")).isEqualTo(8);
        assertThat(value("DCGM_FI_DEV_FB_USED{job=\"" + job + "\",gpu=\"0\"} + DCGM_FI_DEV_FB_FREE{job=\"" + job
                        + "\",gpu=\"0\"}"))
                .isBetween(140_000.0, 143_770.0);
        assertThat(value("count(DCGM_FI_PROF_GR_ENGINE_ACTIVE{job=\"" + job + "\"} <= 1)"))
                .isEqualTo(8);
        assertThat(prometheus
                        .metadata(job, "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION")
                        .getJsonObject(0)
                        .getString("type"))
                .isEqualTo("counter");
    }

    /** Millijoules a second are milliwatts: some 610,000 of them. */
    @Test
    void seesEnergyRise() {
        assertThat(value("rate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{job=\"dcgm\",gpu=\"0\"}[3s])"))
                .isBetween(200_000.0, 1_200_000.0);
    }

    @Test
    void findsEachUnderItsNames() {
        assertThat(prometheus.query("{__name__=~\"gpu_.*\",__name__!~\"gpu_exporter_.*\",job=\"dcgm\"}"))
                .isEmpty();
        assertThat(value("sum(gpu_up{job=\"both\"})")).isEqualTo(8);
    }

    private static double value(String expression) {
        JsonArray result = prometheus.query(expression);
        assertThat(result).as(expression).hasSize(1);
        return Double.parseDouble(result.getJsonObject(0).getJsonArray("value").getString(1));
    }
}
