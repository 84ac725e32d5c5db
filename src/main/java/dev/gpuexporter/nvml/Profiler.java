package dev.gpuexporter.nvml;

import com.sun.jna.Pointer;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What the units of a GPU, or of a GPU instance, did between the poll before and this one: GPM compares two samples, of
 * which one is kept from poll to poll. Silent in the first poll, and where a poll comes too soon after the last. All
 * that anybody has read before is asked for in one call: what is new is noted, and told from the next poll on.
 */
public final class Profiler {
    /** Samples that are closer say nothing; the header asks for as much between them. */
    static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final String QUESTION = "nvmlGpmMetricsGet";
    private static final double MIB = 1 << 20;

    private final Gpm gpm;
    private final Gpm.Sampling sampling;
    private final BitSet metrics = new BitSet();
    private final LongSupplier nanoTime;
    private final Questions questions = Questions.ofEachPoll();
    private Pointer last;
    private Pointer spare;
    private long takenAt;

    Profiler(Gpm gpm, Gpm.Sampling sampling, LongSupplier nanoTime) {
        this.gpm = gpm;
        this.sampling = sampling;
        this.nanoTime = nanoTime;
    }

    /** One of {@code NVML_GPM_METRIC_…_UTIL}, or the occupancy: 0–1. */
    public OptionalDouble ratio(int metric) throws NvmlException {
        return DeviceCalls.in(percent -> percent / 100, value(metric));
    }

    /** One of {@code NVML_GPM_METRIC_…_PER_SEC}; NVML has none of a GPU instance. */
    public OptionalDouble bytesPerSecond(int metric) throws NvmlException {
        return DeviceCalls.in(mebibytes -> mebibytes * MIB, value(metric));
    }

    private OptionalDouble value(int metric) throws NvmlException {
        metrics.set(metric);
        Optional<Map<Integer, Double>> values = questions.ask(QUESTION, this::measure);
        Double value = values.isPresent() ? values.get().get(metric) : null;
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private Map<Integer, Double> measure() throws NvmlException {
        gpm.requireSupport();
        long now = nanoTime.getAsLong();
        if (last != null && now - takenAt < LEAST_NANOS) {
            return Map.of();
        }
        if (spare == null) {
            spare = gpm.allocate();
        }
        sampling.into(spare);
        Pointer before = last;
        last = spare;
        spare = before;
        takenAt = now;
        return before == null
                ? Map.of()
                : gpm.metrics(before, last, metrics.stream().toArray());
    }

    void beginPoll() {
        questions.beginPoll();
    }

    void forgetUnsupported() {
        questions.forget();
    }

    /** Gives the samples back; for a thread that may call NVML, and is inside no call. */
    void release() {
        if (last != null) {
            gpm.free(last);
        }
        if (spare != null) {
            gpm.free(spare);
        }
        last = null;
        spare = null;
    }
}
