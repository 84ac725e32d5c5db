package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class PcieByteCounterTest {
    /** Generation 5 on sixteen lanes, line rate. */
    private static final double FAST = 80e9;

    /** Generation 1 on one lane. */
    private static final double SLOW = 312.5e6;

    private static final long SECOND = 1_000_000;

    private final PcieByteCounter counter = new PcieByteCounter();

    @Example
    void saysNothingOfAFastLinkThatMayHaveWrapped() {
        for (long second = 1; second <= 10; second++) {
            assertThat(counter.next(4_000_000_000L, 5 * second * SECOND, FAST)).isEmpty();
        }
    }

    @Example
    void saysWhatItReadsOnceTheCounterIsSeenBeyond32Bits() {
        assertThat(counter.next(4_294_967_295L, SECOND, FAST)).isEmpty();
        assertThat(counter.next(4_294_967_296L, 2 * SECOND, FAST)).hasValue(4_294_967_296.0);
        assertThat(counter.next(9_000_000_000L, 3 * SECOND, FAST)).hasValue(9_000_000_000.0);
    }

    @Example
    void staysSureOfItAfterAReset() {
        counter.next(9_000_000_000L, SECOND, FAST);
        assertThat(counter.next(12, 2 * SECOND, FAST)).hasValue(12);
    }

    @Example
    void followsASlowLinkThroughItsWraps() {
        assertThat(counter.next(4_294_000_000L, SECOND, SLOW)).isEmpty(); // nobody knows since when
        assertThat(counter.next(4_294_500_000L, 6 * SECOND, SLOW)).hasValue(4_294_500_000.0);
        assertThat(counter.next(32_704, 11 * SECOND, SLOW)).hasValue(4_295_000_000.0);
    }

    @Example
    void takesAFallThatTheLinkIsTooSlowForForAReset() {
        counter.next(1_000_000_000L, SECOND, SLOW);
        counter.next(1_000_000_001L, 2 * SECOND, SLOW);
        assertThat(counter.next(500, 3 * SECOND, SLOW)).hasValue(500);
    }

    @Example
    void saysNothingAfterAGapInWhichItMayHaveWrappedAndGoesOnThereafter() {
        counter.next(1_000, SECOND, SLOW);
        assertThat(counter.next(2_000, 2 * SECOND, SLOW)).hasValue(2_000);
        assertThat(counter.next(1_500, 60 * SECOND, SLOW)).isEmpty();
        assertThat(counter.next(1_600, 61 * SECOND, SLOW)).hasValue(2_100);
    }

    @Example
    void doesNotTrustAClockThatWasSetBack() {
        counter.next(1_000, 10 * SECOND, SLOW);
        assertThat(counter.next(2_000, 9 * SECOND, SLOW)).isEmpty();
        assertThat(counter.next(3_000, 10 * SECOND, SLOW)).isPresent();
    }

    @Example
    void saysNothingOfALinkOfUnknownSpeed() {
        counter.next(1_000, SECOND, Double.POSITIVE_INFINITY);
        assertThat(counter.next(2_000, 2 * SECOND, Double.POSITIVE_INFINITY)).isEmpty();
    }

    /** Whatever the hardware's width, which the counter is not told. */
    @Property(tries = 500)
    void addsWhatWentOverTheLinkOrSaysNothing(
            @ForAll boolean wide,
            @ForAll @DoubleRange(min = 1e6, max = 1e11) double speed,
            @ForAll @IntRange(min = 50_000, max = 10_000_000) int intervalMicros,
            @ForAll @Size(min = 2, max = 40) List<@DoubleRange(max = 1) Double> loads) {
        PcieByteCounter counter = new PcieByteCounter();
        long truth = 0;
        long micros = SECOND;
        OptionalDouble before = OptionalDouble.empty();
        long truthBefore = 0;
        for (double load : loads) {
            truth += (long) (load * speed * intervalMicros / 1e6);
            micros += intervalMicros;
            OptionalDouble value = counter.next(wide ? truth : truth & 0xFFFFFFFFL, micros, speed);
            if (value.isPresent() && before.isPresent()) {
                assertThat(value.getAsDouble() - before.getAsDouble()).isEqualTo(truth - truthBefore);
            }
            before = value;
            truthBefore = truth;
        }
    }
}
