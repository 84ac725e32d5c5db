package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.Shape;
import java.util.Optional;

/** What one container does to one GPU or MIG device, second by second. */
final class Workload {
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final double LEAST_WORK = 0.01;
    private static final int BURST_SECONDS = 20;

    private final Scenario.Pod pod;
    private final int pid;
    private final long memoryBytes;
    private final Seed seed;
    private final Seed bursts;
    private final Seed spikes;
    private final double wavePeriodSeconds;
    private final double wavePhase;
    private final double memoryIntensity;
    private final Optional<SimulatedMig> mig;

    Workload(Scenario.Pod pod, int pid, long memoryBytes, Seed seed, Optional<SimulatedMig> mig) {
        this.pod = pod;
        this.pid = pid;
        this.memoryBytes = memoryBytes;
        this.seed = seed;
        this.bursts = seed.of("burst");
        this.spikes = seed.of("spike");
        Seed wave = seed.of("wave");
        this.wavePeriodSeconds = 240 + 240 * wave.uniform(0);
        this.wavePhase = wave.uniform(1);
        this.memoryIntensity = 0.3 + 0.4 * seed.of("memory").uniform(0);
        this.mig = mig;
    }

    /** The MIG device that it runs on; empty for one on the whole GPU. */
    Optional<SimulatedMig> mig() {
        return mig;
    }

    /** Who takes a MIG device away kills what runs on it. */
    boolean runsAt(long second) {
        long nanos = second * SECOND_NANOS;
        return pod.presence().contains(nanos) && (mig.isEmpty() || mig.get().isThere(nanos));
    }

    /** The first whole second of its presence. */
    long firstSecond() {
        return (pod.presence().from().toNanos() + SECOND_NANOS - 1) / SECOND_NANOS;
    }

    /** The part of the GPU's time that it would use alone, 0–1. */
    double utilization(long second) {
        double target = pod.load().utilization();
        if (target == 0 || !runsAt(second) || pauses(second)) {
            return 0;
        }
        double wanted =
                switch (shape()) {
                    case STEADY -> target + 0.01 * seed.around(second);
                    case WAVES -> target * (1 + 0.1 * wave(second)) + 0.02 * seed.around(second);
                    case BURSTS -> target / duty() + 0.02 * seed.around(second);
                    case SPIKES -> 1;
                };
        return Math.min(1, Math.max(LEAST_WORK, wanted));
    }

    /** Slow, with a period of 4 to 8 minutes of its own. */
    private double wave(long second) {
        return StrictMath.sin(2 * Math.PI * (second / wavePeriodSeconds + wavePhase));
    }

    /** Slots of work and slots of none, as many as make the target. */
    private boolean pauses(long second) {
        return switch (shape()) {
            case STEADY, WAVES -> false;
            case BURSTS -> bursts.uniform(second / BURST_SECONDS) >= duty();
            case SPIKES -> spikes.uniform(second) >= pod.load().utilization();
        };
    }

    /** Bursts have work for twice the target, if there is that much. */
    private double duty() {
        return Math.max(0.5, pod.load().utilization());
    }

    private Shape shape() {
        return pod.load().shape();
    }

    /** Of the time that it uses the GPU, the part in which it reads or writes the GPU's memory, 0–1. */
    double memoryIntensity() {
        return memoryIntensity;
    }

    SimulatedProcess process(double utilization) {
        return new SimulatedProcess(pid, memoryBytes, utilization, mig);
    }

    long memoryBytes() {
        return memoryBytes;
    }
}
