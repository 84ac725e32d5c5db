package dev.gpuexporter.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * What the driver has sampled of one GPU since it was loaded, as long as its buffers hold it: power every 20 ms for
 * 2.4 s, utilization every sixth of a second for 16.5 s, as nvidia-smi showed them on data-centre cards; nobody looked on
 * every model. What it samples is what the steps of the simulation were.
 */
final class SampleHistory {
    static final int POWER_SAMPLES = 119;
    static final int UTILIZATION_SAMPLES = 99;

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int POWER_A_SECOND = 50;
    private static final int UTILIZATION_A_SECOND = 6;

    /** Steps that the longer of the two buffers spans, and the one under way. */
    private static final int STEPS =
            (int) (UTILIZATION_SAMPLES * SECOND_NANOS / UTILIZATION_A_SECOND / Physics.STEP_NANOS) + 2;

    private final double[] watts;
    private final double[] utilization;
    private long firstStep;
    private long nextStep;
    private long nanos;

    SampleHistory() {
        this(new double[STEPS], new double[STEPS]);
    }

    private SampleHistory(double[] watts, double[] utilization) {
        this.watts = watts;
        this.utilization = utilization;
    }

    /** One sample; the time counts from the simulation's start. */
    record Taken(long nanos, double value) {}

    void step(long step, double stepWatts, double stepUtilization) {
        watts[(int) (step % STEPS)] = stepWatts;
        utilization[(int) (step % STEPS)] = stepUtilization;
        nextStep = step + 1;
    }

    /** The driver is loaded anew: it begins with empty buffers. */
    void clear(long step) {
        firstStep = step;
    }

    /** As of a moment in the newest step; later steps do not change it. */
    SampleHistory at(long elapsedNanos) {
        SampleHistory copy = new SampleHistory(watts.clone(), utilization.clone());
        copy.firstStep = firstStep;
        copy.nextStep = nextStep;
        copy.nanos = elapsedNanos;
        return copy;
    }

    /** Watts, oldest first. */
    List<Taken> power(long afterNanos) {
        return taken(POWER_A_SECOND, POWER_SAMPLES, watts, afterNanos);
    }

    /** 0–1, oldest first. */
    List<Taken> utilization(long afterNanos) {
        return taken(UTILIZATION_A_SECOND, UTILIZATION_SAMPLES, utilization, afterNanos);
    }

    private List<Taken> taken(int aSecond, int most, double[] steps, long afterNanos) {
        List<Taken> taken = new ArrayList<>();
        long last = nanos / SECOND_NANOS * aSecond + nanos % SECOND_NANOS * aSecond / SECOND_NANOS;
        long seen = afterNanos / SECOND_NANOS * aSecond;
        for (long n = Math.max(Math.max(1, seen), last - most + 1); n <= last; n++) {
            long end = n / aSecond * SECOND_NANOS + n % aSecond * SECOND_NANOS / aSecond;
            long step = (end - 1) / Physics.STEP_NANOS; // a sample tells of the time before it
            if (end > afterNanos && step >= firstStep && step < nextStep) {
                taken.add(new Taken(end, steps[(int) (step % STEPS)]));
            }
        }
        return taken;
    }
}
