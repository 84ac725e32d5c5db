package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.testing.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The node's clock is set back under a running exporter. */
@Timeout(60)
class ClockSetBackTest {
    private static final int GPUS = 4;

    @Test
    void nothingLiesInTheFutureAndWhatHappensThereafterIsSeen() {
        Scenario scenario = RunningExporter.scenario("mixed-node");
        try (RunningExporter exporter = RunningExporter.polling(scenario, Duration.ofMinutes(1))) {
            exporter.step(Duration.ZERO, GPUS); // its Xids are waited for from here on
            exporter.step(Duration.ofMinutes(2), GPUS);
            exporter.awaitXids(scenario);
            exporter.step(Duration.ZERO, GPUS);
            Scrape before = exporter.scrape();
            assertThat(timestamps(before)).extracting(Scrape.Sample::name).contains(NAMES);

            exporter.step(Duration.ofMinutes(-2), GPUS);
            double setBack = seconds(SteppedClock.START.plus(Duration.ofMinutes(1)));
            assertThat(timestamps(exporter.scrape()))
                    .hasSameSizeAs(timestamps(before))
                    .allSatisfy(sample -> assertThat(sample.value()).isEqualTo(setBack));

            exporter.step(Duration.ofSeconds(10), GPUS); // what processes did is counted from here on
            exporter.step(Duration.ofSeconds(10), GPUS);
            Scrape after = exporter.scrape();
            assertThat(after.value("gpu_xid_last_timestamp_seconds", "gpu", "0", "xid", "13"))
                    .hasValue(setBack);
            assertThat(after.value("gpu_last_active_timestamp_seconds", "gpu", "0"))
                    .hasValue(setBack + 20);
            assertThat(after.value("gpu_workload_last_active_timestamp_seconds", "gpu", "0"))
                    .as("of one of two, by its processes")
                    .hasValue(setBack + 20);
            assertThat(after.value("gpu_workload_last_active_timestamp_seconds", "gpu", "2"))
                    .as("of one that holds it alone")
                    .hasValue(setBack + 20);
            assertThat(after.all("gpu_utilization_peak_ratio"))
                    .as("peaks of those who hold a GPU")
                    .hasSameSizeAs(before.all("gpu_utilization_peak_ratio"));
        }
    }

    private static final String[] NAMES = {
        "gpu_last_active_timestamp_seconds",
        "gpu_xid_last_timestamp_seconds",
        "gpu_workload_last_active_timestamp_seconds",
        "gpu_workload_xid_last_timestamp_seconds",
        "gpu_exporter_last_poll_timestamp_seconds",
    };

    private static List<Scrape.Sample> timestamps(Scrape page) {
        return page.samples().stream()
                .filter(sample ->
                        sample.name().startsWith("gpu_") && sample.name().endsWith("_timestamp_seconds"))
                .toList();
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }
}
