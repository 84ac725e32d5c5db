package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.nvml.Nvml;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.simulation.SimulatedNvml;
import dev.gpuexporter.testing.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What polls every few seconds show of a load that lasts a second. */
class PeaksTest {
    private static final String UTILIZATION = "gpu_utilization_ratio";
    private static final String UTILIZATION_PEAK = "gpu_utilization_peak_ratio";
    private static final String POWER = "gpu_power_draw_watts";
    private static final String POWER_INSTANT = "gpu_power_draw_instant_watts";
    private static final String POWER_PEAK = "gpu_power_draw_peak_watts";
    private static final Set<String> READ = Set.of(UTILIZATION, UTILIZATION_PEAK, POWER, POWER_INSTANT, POWER_PEAK);

    private final SteppedClock clock = new SteppedClock();
    private final CountedNvml counted = new CountedNvml();

    private DeviceReader reader(String scenario, int gpu) throws NvmlException {
        return reader(
                new SimulatedNvml(new SimulatedNode(PolledNode.scenario(scenario), clock::nanos, SteppedClock.START)),
                gpu);
    }

    private DeviceReader reader(NvmlLibrary library, int gpu) throws NvmlException {
        Nvml nvml = new Nvml(counted.in(library), new Host(Path.of("/nonexistent"), true));
        nvml.open();
        List<GpuMetric> metrics = MetricCatalog.all().stream()
                .filter(metric -> READ.contains(metric.name()))
                .toList();
        return new DeviceReader(
                nvml.device(gpu, nvml.versions()),
                () -> metrics,
                new ReadingErrors(new SimpleMeterRegistry()),
                new Peaks(Duration.ofSeconds(60), clock));
    }

    private DeviceReading afterSeconds(DeviceReader reader, int seconds) throws NvmlException {
        clock.advance(Duration.ofSeconds(seconds));
        return reader.read();
    }

    @Test
    void seesASpikeThatNoPollSaw() throws NvmlException {
        DeviceReader reader = reader("spikes", 0);
        int hidden = 0;
        double second = 0;
        double lastSpike = Double.NEGATIVE_INFINITY;
        for (int poll = 0; poll < 100; poll++) {
            DeviceReading reading = afterSeconds(reader, 7);
            second += 7;
            double now = reading.value(UTILIZATION).orElseThrow();
            double peak = reading.value(UTILIZATION_PEAK).orElseThrow();
            assertThat(peak).isIn(0.0, 1.0).isGreaterThanOrEqualTo(now);
            if (now == 1) {
                lastSpike = second;
            }
            if (peak == 1 && second - lastSpike > 60) {
                hidden++;
            }
        }
        assertThat(hidden).isPositive();
    }

    @Test
    void isNeverBelowWhatThePollShows() throws NvmlException {
        for (String scenario : List.of("a100", "h200", "spikes")) {
            DeviceReader reader = reader(scenario, 0);
            for (int poll = 0; poll < 50; poll++) {
                DeviceReading reading = afterSeconds(reader, 3);
                double peak = reading.value(POWER_PEAK).orElseThrow();
                assertThat(peak).isGreaterThanOrEqualTo(reading.value(POWER).orElseThrow());
                assertThat(peak)
                        .isGreaterThanOrEqualTo(reading.value(POWER_INSTANT).orElseThrow());
                assertThat(reading.value(UTILIZATION_PEAK).orElseThrow())
                        .isGreaterThanOrEqualTo(reading.value(UTILIZATION).orElseThrow());
            }
        }
    }

    @Test
    void asksOnceForTheSizeAndThenForWhatIsNew() throws NvmlException {
        DeviceReader reader = reader("spikes", 0);
        afterSeconds(reader, 30);
        assertThat(counted.take()).filteredOn(call -> call.contains("Samples")).hasSize(4);
        for (int poll = 0; poll < 3; poll++) {
            afterSeconds(reader, 5);
            assertThat(counted.take())
                    .filteredOn(call -> call.contains("Samples"))
                    .hasSize(2)
                    .noneMatch(call -> call.matches(".*,[01],0(,.*)?\\)"));
        }
    }

    /** As with MIG enabled: nothing is sampled, and utilization is not told at all. */
    @Test
    void pollsStandInWhereNothingIsSampled() throws NvmlException {
        SimulatedNode node = new SimulatedNode(PolledNode.scenario("no-samples"), clock::nanos, SteppedClock.START);
        DeviceReader reader = reader(new SimulatedNvml(node), 0);
        double greatest = 0;
        for (int poll = 0; poll < 10; poll++) {
            DeviceReading reading = afterSeconds(reader, 5);
            greatest = Math.max(
                    greatest,
                    Math.max(
                            reading.value(POWER).orElseThrow(),
                            reading.value(POWER_INSTANT).orElseThrow()));
            assertThat(reading.value(POWER_PEAK)).hasValue(greatest);
            assertThat(reading.value(UTILIZATION_PEAK)).isEmpty();
        }
    }
}
