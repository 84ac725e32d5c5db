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

/** A real Prometheus, which would rather have OpenMetrics, scrapes a node under DCGM's names. */
@Timeout(90)
class DcgmPrometheusIT {
    private static final String JOB = "dcgm";

    @TempDir
    private static Path directory;

    private static RunningExporter exporter;
    private static Prometheus prometheus;

    /** It has been scraped often enough for a rate. */
    @BeforeAll
    static void start() throws IOException {
        exporter = RunningExporter.live("h200x8", Map.of("metrics.naming", "both"));
        prometheus = Prometheus.scraping(directory, Map.of(JOB, exporter.address()));
        Eventually.holds(
                "several scrapes with eight GPUs and what needs two polls",
                () -> prometheus
                                .query("count_over_time(DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL[1m]) > 3 "
                                        + "and count_over_time(DCGM_FI_PROF_GR_ENGINE_ACTIVE[1m]) > 3")
                                .size()
                        == 8);
    }

    @AfterAll
    static void stop() throws InterruptedException {
        try (RunningExporter lastToClose = exporter) {
            if (prometheus != null) {
                prometheus.close();
            }
        }
    }

    /** Over a minute: on a busy machine not every poll finds every GPU. */
    @Test
    void storesWhatIsServed() {
        assertThat(value("last_over_time(up[10s])")).isEqualTo(1);
        assertThat(value("count(max_over_time(DCGM_FI_DEV_GPU_UTIL[1m]) <= 100)"))
                .isEqualTo(8);
        assertThat(value("count(max_over_time(DCGM_FI_DEV_XID_ERRORS{err_code=\"0\",err_msg=\"No Error\"}[1m]) == 0)"))
                .isEqualTo(8);
        assertThat(value("max_over_time(DCGM_FI_DEV_FB_USED{modelName=\"NVIDIA H200\",device=\"nvidia0\","
                        + "pod=\"train-0\"}[1m])"))
                .isBetween(100_000.0, 143_770.0);
    }

    @Test
    void takesACounterWithoutTotalForOne() {
        assertThat(prometheus
                        .metadata(JOB, "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION")
                        .getJsonObject(0)
                        .getString("type"))
                .isEqualTo("counter");
    }

    /** Millijoules a second are milliwatts: some 610,000 of them. */
    @Test
    void seesEnergyRise() {
        assertThat(value("rate(DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION{gpu=\"0\"}[5s])"))
                .isBetween(200_000.0, 1_200_000.0);
    }

    /** Of one scrape: MiB are cut off three times, ratios have six decimals. */
    @Test
    void findsTheSameUnderBothNames() {
        assertThat(prometheus.query("abs(gpu_memory_total_bytes / 1048576 - on(gpu) group_right() "
                        + "(DCGM_FI_DEV_FB_USED + DCGM_FI_DEV_FB_FREE + DCGM_FI_DEV_FB_RESERVED)) > 3"))
                .isEmpty();
        assertThat(prometheus.query(
                        "abs(gpu_graphics_engine_active_ratio - on(gpu) DCGM_FI_PROF_GR_ENGINE_ACTIVE) > 0.000001"))
                .isEmpty();
        assertThat(value("count(max_over_time(gpu_memory_total_bytes[1m]))")).isEqualTo(8);
        assertThat(value("count(max_over_time(DCGM_FI_PROF_GR_ENGINE_ACTIVE[1m]))"))
                .isEqualTo(8);
    }

    private static double value(String expression) {
        JsonArray result = prometheus.query(expression);
        assertThat(result).as(expression).hasSize(1);
        return Double.parseDouble(result.getJsonObject(0).getJsonArray("value").getString(1));
    }
}
