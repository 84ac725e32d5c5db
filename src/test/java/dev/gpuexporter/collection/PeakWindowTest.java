package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.Peak;
import dev.gpuexporter.nvml.DriverSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PeakWindowTest {
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final PeakWindow window = new PeakWindow(MINUTE);

    private static DriverSample at(double second, double value) {
        return new DriverSample(START.plusMillis(Math.round(1000 * second)), value);
    }

    private void see(double second, double value) {
        DriverSample sample = at(second, value);
        window.with(List.of(sample), sample.time());
    }

    private OptionalDouble peak(double second) {
        return window.with(List.of(), at(second, 0).time()).since(Instant.MIN);
    }

    @Test
    void remembersTheGreatestForAMinute() {
        see(0, 300);
        see(10, 700);
        see(20, 400);
        assertThat(peak(20)).hasValue(700);
        assertThat(peak(70)).hasValue(700);
        assertThat(peak(70.001)).hasValue(400);
        assertThat(peak(80)).hasValue(400);
        assertThat(peak(80.001)).isEmpty();
    }

    @Test
    void askingChangesNothing() {
        see(0, 700);
        assertThat(IntStream.range(0, 60).mapToObj(this::peak)).containsOnly(OptionalDouble.of(700));
    }

    @Test
    void knowsThePeakOfTheEndOfTheWindowToo() {
        see(0, 700);
        see(30, 500);
        see(40, 400);
        Peak peak = window.with(List.of(), START.plusSeconds(45));
        assertThat(peak.since(START)).hasValue(700);
        assertThat(peak.since(START.plusSeconds(1))).hasValue(500);
        assertThat(peak.since(START.plusSeconds(31))).hasValue(400);
        assertThat(peak.since(START.plusSeconds(41))).isEmpty();
    }

    @Test
    void letsGoOfATimeThatIsNotYetWhenTheClockIsSetBack() {
        see(3600, 700);
        see(5, 300);
        assertThat(peak(5)).hasValue(300);
    }

    /** Driver's samples come in batches, after a poll's own value of the same time. */
    @Property
    void isTheGreatestOfTheLastMinuteWhateverTheOrder(
            @ForAll @Size(max = 80) List<@IntRange(max = 200_000) Integer> millis,
            @ForAll @Size(min = 80, max = 80) List<@IntRange(max = 20) Integer> values,
            @ForAll @IntRange(max = 3) int swaps) {
        List<DriverSample> samples = new ArrayList<>();
        List<Integer> order = new ArrayList<>(millis.stream().sorted().toList());
        for (int i = 0; i + 1 < order.size() && i < swaps * 7; i += 7) {
            order.set(i + 1, order.set(i, order.get(i + 1)));
        }
        for (int i = 0; i < order.size(); i++) {
            samples.add(new DriverSample(START.plusMillis(order.get(i)), values.get(i)));
        }
        PeakWindow tested = new PeakWindow(MINUTE);
        for (int i = 0; i < samples.size(); i++) {
            Instant now = samples.subList(0, i + 1).stream()
                    .map(DriverSample::time)
                    .max(Instant::compareTo)
                    .orElseThrow();
            Peak peak = tested.with(List.of(samples.get(i)), now);
            for (int back = 0; back <= 90; back += 15) {
                Instant since = now.minusSeconds(back);
                assertThat(peak.since(since))
                        .isEqualTo(samples.subList(0, i + 1).stream()
                                .filter(sample -> !sample.time().isBefore(since)
                                        && !sample.time().isBefore(now.minus(MINUTE)))
                                .mapToDouble(DriverSample::value)
                                .max());
            }
        }
    }

    @Property
    void keepsOnlyWhatMayStillBeThePeak(@ForAll @Size(max = 60) List<@IntRange(max = 50) Integer> values) {
        PeakWindow tested = new PeakWindow(MINUTE);
        for (int second = 0; second < values.size(); second++) {
            tested.with(List.of(at(second, values.get(second))), START.plusSeconds(second));
        }
        assertThat(tested.with(List.of(), START.plusSeconds(60)).falling())
                .extracting(DriverSample::value)
                .isSortedAccordingTo((a, b) -> Double.compare(b, a))
                .doesNotHaveDuplicates();
    }
}
