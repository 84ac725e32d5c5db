package dev.gpuexporter;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left of a GPU that fails, and that its siblings lose nothing by it. */
@Timeout(120)
class FailingGpuExpositionTest {
    private static final Set<String> LEFT = Set.of(
            "gpu_info",
            "gpu_up",
            "gpu_allocatable",
            "gpu_workload_info",
            "gpu_workload_energy_joules_total",
            "gpu_workload_last_active_timestamp_seconds",
            "gpu_last_active_timestamp_seconds",
            "gpu_xid_errors_total",
            "gpu_events_total");
    private static final Duration BEFORE = Duration.ofSeconds(20);
    private static final Duration INTO_THE_FAILURE = Duration.ofSeconds(11);

    @Test
    void servesAHungGpusSiblingsWholeAndFresh() {
        try (RunningExporter exporter = RunningExporter.polling(RunningExporter.scenario("hung-gpu"), BEFORE)) {
            exporter.passUntilUp(Duration.ZERO, 4);
            Scrape before = exporter.scrape();
            exporter.passUntilUp(INTO_THE_FAILURE, 3);
            Scrape hung = exporter.scrape();
            assertThat(hung.namesOf(2)).isEqualTo(LEFT);
            assertThat(hung.value("gpu_up", "gpu", "2")).isEqualTo(OptionalDouble.of(0));
            for (int sibling : new int[] {0, 1, 3}) {
                assertThat(series(hung, sibling)).isEqualTo(series(before, sibling));
                assertThat(hung.value("gpu_up", "gpu", Integer.toString(sibling)))
                        .isEqualTo(OptionalDouble.of(1));
                assertThat(joules(hung, sibling)).isGreaterThan(joules(before, sibling));
            }
            assertThat(seconds(hung)).isEqualTo(seconds(before) + INTO_THE_FAILURE.toSeconds());
            assertThat(exporter.get("/-/ready").statusCode()).isEqualTo(200);

            double whileItHangs = joules(hung, 0);
            exporter.passUntilUp(Duration.ofSeconds(10), 3);
            assertThat(joules(exporter.scrape(), 0)).isGreaterThan(whileItHangs);

            exporter.passUntilUp(Duration.ofSeconds(60), 4);
            Scrape after = exporter.scrape();
            assertThat(series(after, 2)).isEqualTo(series(before, 2));
            assertThat(joules(after, 2)).isGreaterThan(joules(before, 2));
        }
    }

    @Test
    void keepsOfALostGpuOnlyItsIdentityAndItsPast() {
        Scrape scrape = SimulatedScenarios.scrape("lost-gpu");
        assertThat(scrape.namesOf(1)).containsAll(LEFT).hasSize(LEFT.size() + 2);
        assertThat(scrape.value("gpu_xid_last_timestamp_seconds", "gpu", "1", "xid", "79"))
                .isEqualTo(
                        OptionalDouble.of(Instant.parse("2026-03-01T12:00:31Z").getEpochSecond()));
        assertThat(scrape.value("gpu_workload_xid_last_timestamp_seconds", "pod", "train-1", "xid", "79"))
                .isEqualTo(scrape.value("gpu_xid_last_timestamp_seconds", "gpu", "1", "xid", "79"));
        assertThat(scrape.value("gpu_xid_errors_total", "gpu", "1", "xid", "79"))
                .isEqualTo(OptionalDouble.of(1));
        assertThat(scrape.value("gpu_xid_errors_total", "gpu", "0", "xid", "79"))
                .isEqualTo(OptionalDouble.of(0));
        assertThat(scrape.value("gpu_up", "gpu", "1")).isEqualTo(OptionalDouble.of(0));
        assertThat(scrape.value("gpu_info", "gpu", "1", "model", "NVIDIA H100 80GB HBM3"))
                .isEqualTo(OptionalDouble.of(1));
        assertThat(scrape.value("gpu_workload_info", "gpu", "1", "pod", "train-1"))
                .isEqualTo(OptionalDouble.of(1));
        assertThat(scrape.value("gpu_exporter_reading_errors_total", "code", "GPU_IS_LOST"))
                .isEqualTo(OptionalDouble.of(1));
        assertIsAsASoundGpu(scrape, 0, SimulatedScenarios.scrape("h100"));
    }

    @Test
    void saysOfADeniedGpuThatItIsThereAndNoMore() {
        Scrape scrape = SimulatedScenarios.scrape("no-permission");
        assertThat(scrape.namesOf(1)).containsExactly("gpu_up");
        assertThat(scrape.value("gpu_up", "gpu", "1")).isEqualTo(OptionalDouble.of(0));
        assertThat(scrape.value("gpu_exporter_reading_errors_total", "code", "NO_PERMISSION"))
                .isEqualTo(OptionalDouble.of(1));
        assertThat(scrape.value("gpu_exporter_nvml_up")).isEqualTo(OptionalDouble.of(1));
        assertIsAsASoundGpu(scrape, 0, SimulatedScenarios.scrape("l40s"));
    }

    @Test
    void leavesOutTheOneReadingThatFails() {
        Scrape scrape = SimulatedScenarios.scrape("mixed-node");
        assertThat(scrape.value("gpu_up", "gpu", "1")).isEqualTo(OptionalDouble.of(1));
        assertThat(scrape.value("gpu_ecc_enabled", "gpu", "1")).isEmpty();
        assertThat(scrape.value("gpu_ecc_enabled", "gpu", "0")).isEqualTo(OptionalDouble.of(1));
        assertThat(scrape.namesOf(0))
                .containsAll(withoutWorkloads(scrape.namesOf(1)))
                .contains("gpu_ecc_errors_total");
    }

    @Test
    void saysThatTheDriverHasGoneAndServesItAgainOnceItIsBack() {
        try (RunningExporter exporter =
                RunningExporter.polling(RunningExporter.scenario("driver-gone"), Duration.ofSeconds(110))) {
            exporter.passUntilUp(Duration.ZERO, 2);
            Scrape before = exporter.scrape();
            exporter.passUntilNvml(Duration.ofSeconds(20), false);
            Scrape gone = exporter.scrape();
            assertThat(gone.value("gpu_exporter_nvml_up")).isEqualTo(OptionalDouble.of(0));
            assertThat(gone.namesOf(0)).isEqualTo(LEFT);
            assertThat(gone.namesOf(1))
                    .containsExactlyInAnyOrder(
                            "gpu_info", "gpu_up", "gpu_allocatable", "gpu_xid_errors_total", "gpu_events_total");
            assertThat(gone.all("gpu_up"))
                    .allSatisfy(up -> assertThat(up.value()).isZero());

            exporter.passUntilUp(Duration.ofSeconds(60), 2);
            Scrape back = exporter.scrape();
            assertThat(back.value("gpu_exporter_nvml_up")).isEqualTo(OptionalDouble.of(1));
            assertThat(series(back, 0)).isEqualTo(series(before, 0));
            assertThat(joules(back, 0))
                    .as("counters start again with the driver")
                    .isLessThan(joules(before, 0));
        }
    }

    private static void assertIsAsASoundGpu(Scrape scrape, int gpu, Scrape sound) {
        assertThat(scrape.value("gpu_up", "gpu", Integer.toString(gpu))).isEqualTo(OptionalDouble.of(1));
        assertThat(scrape.namesOf(gpu)).containsAll(withoutWorkloads(sound.namesOf(0)));
    }

    private static Set<String> withoutWorkloads(Set<String> names) {
        return names.stream()
                .filter(name -> !name.startsWith("gpu_workload_") && !name.startsWith("gpu_last_active_"))
                .collect(toSet());
    }

    /** What is exposed of a GPU, whatever its values: names with labels; without what needs two polls. */
    private static Set<String> series(Scrape scrape, int gpu) {
        return scrape.of(gpu).stream()
                .filter(sample -> !sample.name().equals("gpu_workload_sm_utilization_ratio"))
                .map(sample -> sample.name() + sample.labels())
                .collect(toSet());
    }

    private static double joules(Scrape scrape, int gpu) {
        return scrape.value("gpu_energy_joules_total", "gpu", Integer.toString(gpu))
                .orElseThrow();
    }

    private static double seconds(Scrape scrape) {
        return scrape.value("gpu_exporter_last_poll_timestamp_seconds").orElseThrow();
    }
}
