package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.Device;
import dev.gpuexporter.config.Scenario.Failure;
import dev.gpuexporter.config.Scenario.FailureKind;
import dev.gpuexporter.config.Scenario.Load;
import dev.gpuexporter.config.Scenario.MemoryUse;
import dev.gpuexporter.config.Scenario.Shape;
import dev.gpuexporter.config.Scenario.Window;
import dev.gpuexporter.metrics.GpuMetric.Type;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.simulation.GpuModels;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for every reading of the catalogue, whatever becomes of the GPU. */
class CounterPropertiesTest {
    private static final int GONE_FROM = 100;
    private static final int GONE_UNTIL = 130;
    private static final int RESET_FROM = 250;
    private static final int RESET_UNTIL = 260;

    @Property(tries = 60)
    void countersOnlyRiseButForAReloadOrAReset(
            @ForAll("models") String model,
            @ForAll long seed,
            @ForAll Shape shape,
            @ForAll @DoubleRange(max = 1) double load,
            @ForAll boolean perLink,
            @ForAll @Size(min = 5, max = 40) List<@IntRange(max = 30_000) Integer> millis) {
        ReadNode node = ReadNode.of(scenario(model, seed, shape, load, failures(model)), perLink);
        Map<List<?>, Double> before = new HashMap<>();
        long now = 0;
        int lives = 0;
        for (int wait : millis) {
            node.pass(Duration.ofMillis(wait));
            now += wait;
            Optional<DeviceReading> reading = node.tryToRead(0);
            if (lives != lives(now)) {
                lives = lives(now);
                before.clear();
            }
            reading.ifPresent(read -> read.samples().stream()
                    .filter(sample -> sample.metric().type() == Type.COUNTER)
                    .forEach(sample -> mayNotFall(sample, before)));
        }
    }

    private static void mayNotFall(Sample sample, Map<List<?>, Double> before) {
        Double last = before.put(List.of(sample.metric().name(), sample.labels()), sample.value());
        assertThat(sample.value())
                .as(sample.metric().name() + sample.labels())
                .isGreaterThanOrEqualTo(last == null ? 0 : last);
    }

    /** How often the counters have begun anew by then. */
    private static int lives(long millis) {
        return (millis >= 1000 * GONE_FROM ? 1 : 0) + (millis >= 1000 * RESET_UNTIL ? 1 : 0);
    }

    @Property(tries = 60)
    void sharesAreSharesAndNothingIsFullerThanItIsBig(
            @ForAll("models") String model,
            @ForAll long seed,
            @ForAll Shape shape,
            @ForAll @DoubleRange(max = 1) double load,
            @ForAll @IntRange(max = 7200) int seconds)
            throws Exception {
        ReadNode node = ReadNode.of(scenario(model, seed, shape, load, List.of()), library -> library);
        DeviceReading reading = node.after(Duration.ofSeconds(seconds), 0);

        assertThat(reading.samples())
                .filteredOn(sample -> sample.metric().unit().equals("ratio"))
                .isNotEmpty()
                .allSatisfy(sample ->
                        assertThat(sample.value()).as(sample.metric().name()).isBetween(0.0, 1.0));
        assertThat(reading.value("gpu_memory_used_bytes").orElseThrow())
                .isLessThanOrEqualTo(reading.value("gpu_memory_total_bytes").orElseThrow());
        assertThat(reading.value("gpu_bar1_memory_used_bytes").orElseThrow())
                .isLessThanOrEqualTo(
                        reading.value("gpu_bar1_memory_total_bytes").orElseThrow());
        assertThat(reading.samples())
                .allSatisfy(sample ->
                        assertThat(sample.value()).as(sample.metric().name()).isFinite());
    }

    @Property(tries = 10)
    void energyIsWhatWasDrawn(
            @ForAll("models") String model,
            @ForAll long seed,
            @ForAll Shape shape,
            @ForAll @DoubleRange(max = 1) double load)
            throws Exception {
        ReadNode node = ReadNode.of(scenario(model, seed, shape, load, List.of()), library -> library);
        double start = node.read(0).value("gpu_energy_joules_total").orElseThrow();
        double joules = 0;
        DeviceReading last = node.read(0);
        for (int step = 0; step < 200; step++) {
            last = node.after(Duration.ofMillis(100), 0);
            joules += 0.1 * last.value("gpu_power_draw_instant_watts").orElseThrow();
        }
        // Each reading of power is rounded to a milliwatt, each of energy to a millijoule.
        assertThat(last.value("gpu_energy_joules_total").orElseThrow() - start)
                .isCloseTo(joules, within(200 * 0.00005 + 0.002));
    }

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of(GpuModels.names());
    }

    private static List<Failure> failures(String model) {
        boolean hasLinks = Set.of("a100", "a100-40", "a100-80", "h100", "h200", "b200", "gb200")
                .contains(model);
        List<Failure> ofTheGpu = List.of(
                failure(FailureKind.DRIVER_GONE, GONE_FROM, GONE_UNTIL),
                failure(FailureKind.RESET_REQUIRED, RESET_FROM, RESET_UNTIL),
                failure(FailureKind.PCIE_ERRORS, 20, 400));
        List<Failure> ofLinks =
                List.of(failure(FailureKind.NVLINK_DOWN, 150, 200), failure(FailureKind.NVLINK_ERRORS, 10, 140));
        return hasLinks ? Stream.concat(ofTheGpu.stream(), ofLinks.stream()).toList() : ofTheGpu;
    }

    private static Failure failure(FailureKind kind, int from, int until) {
        Window window = new Window(Duration.ofSeconds(from), Optional.of(Duration.ofSeconds(until)));
        return new Failure(kind, OptionalInt.empty(), window, Optional.empty(), OptionalInt.empty());
    }

    private static Scenario scenario(String model, long seed, Shape shape, double load, List<Failure> failures) {
        Scenario.Pod pod = new Scenario.Pod(
                "default",
                "pod",
                "main",
                "nvidia.com/gpu",
                List.of(Device.whole(0)),
                List.of(),
                new Load(load, MemoryUse.ofRatio(0.5), shape),
                Window.ALWAYS);
        return new Scenario(
                "any",
                seed,
                Scenario.DEFAULT_DRIVER_VERSION,
                Scenario.DEFAULT_CUDA_VERSION,
                List.of(Scenario.Gpu.of(model)),
                List.of(pod),
                failures,
                Set.of());
    }
}
