package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class WrappingCounterTest {
    private static final long HIGHEST = 4_294_967_295L;

    private final WrappingCounter counter = new WrappingCounter();

    @Property(tries = 300)
    void goesOnPast32BitsHoweverOftenTheHardwareWraps(
            @ForAll @LongRange(max = HIGHEST) long start,
            @ForAll @Size(max = 40) List<@LongRange(max = 2_147_483_648L) Long> steps) {
        WrappingCounter counter = new WrappingCounter();
        long truth = start;
        assertThat(counter.next(truth, WrappingCounter.HALF)).isEqualTo(truth);
        for (long step : steps) {
            truth += step;
            assertThat(counter.next(truth & HIGHEST, WrappingCounter.HALF)).isEqualTo(truth);
        }
    }

    @Property(tries = 300)
    void beginsAnewAtAFallThatIsNoWrap(
            @ForAll @LongRange(max = HIGHEST) long before,
            @ForAll @LongRange(max = HIGHEST) long after,
            @ForAll @LongRange(max = 1_000_000) long most) {
        WrappingCounter counter = new WrappingCounter();
        counter.next(before, most);
        long total = counter.next(after, most);
        boolean wrapped = after < before && after + HIGHEST + 1 - before <= most;
        assertThat(total).isEqualTo(wrapped ? after + HIGHEST + 1 : after);
    }

    @Property(tries = 300)
    void fallsOnlyToWhatTheHardwareSays(
            @ForAll @Size(min = 1, max = 40) List<@LongRange(max = HIGHEST) Long> readings) {
        WrappingCounter counter = new WrappingCounter();
        long before = 0;
        for (long raw : readings) {
            long total = counter.next(raw, WrappingCounter.HALF);
            assertThat(total >= before || total == raw).isTrue();
            before = total;
        }
    }

    @Example
    void isTheSameHoweverOftenItIsRead() {
        assertThat(counter.next(7, WrappingCounter.HALF)).isEqualTo(7);
        assertThat(counter.next(7, WrappingCounter.HALF)).isEqualTo(7);
    }

    @Example
    void wrapsFromTheHighestToZero() {
        counter.next(HIGHEST, WrappingCounter.HALF);
        assertThat(counter.next(0, WrappingCounter.HALF)).isEqualTo(4_294_967_296L);
    }

    @Example
    void takesAFallFromTheLowerHalfForAReset() {
        counter.next(12, WrappingCounter.HALF);
        assertThat(counter.next(3, WrappingCounter.HALF)).isEqualTo(3);
        assertThat(counter.next(5, WrappingCounter.HALF)).isEqualTo(5);
    }

    @Example
    void leavesOutWhatPassedUnseen() {
        counter.next(100, 1000);
        assertThat(counter.resume(90)).isEqualTo(100);
        assertThat(counter.next(95, 1000)).isEqualTo(105);
    }
}
