package dev.gpuexporter.simulation;

/** The counters of one GPU as they run. */
final class RunningCounters {
    private static final double STEPS_PER_DAY = 24 * 3600 * (1e9 / Physics.STEP_NANOS);
    private static final double CORRECTED_PER_DAY = 4;

    private final Seed corrected;
    private final PcieCounters pcie;
    private final NvLinkCounters nvLinks;

    private double energyMillijoules;
    private long powerCapNanos;
    private long idleNanos;
    private long volatileCorrected;
    private long aggregateCorrected;

    RunningCounters(PcieCounters pcie, NvLinkCounters nvLinks, Seed seed) {
        this.pcie = pcie;
        this.nvLinks = nvLinks;
        corrected = seed.of("corrected");
        aggregateCorrected = (long) (5 * seed.of("life").uniform(0));
    }

    /** Forgets what the next driver will count from zero. */
    void driverUnloaded() {
        energyMillijoules = 0;
        powerCapNanos = 0;
        idleNanos = 0;
        volatileCorrected = 0;
        pcie.driverUnloaded();
        nvLinks.driverUnloaded();
    }

    void advance(long step, double utilization, double powerWatts, boolean capped) {
        double seconds = Physics.STEP_NANOS / 1e9;
        energyMillijoules += powerWatts * seconds * 1000;
        if (capped) {
            powerCapNanos += Physics.STEP_NANOS;
        }
        if (utilization == 0) {
            idleNanos += Physics.STEP_NANOS;
        }
        if (corrected.uniform(step) < CORRECTED_PER_DAY / STEPS_PER_DAY) {
            volatileCorrected++;
            aggregateCorrected++;
        }
        pcie.advance(step, utilization);
        nvLinks.advance(step, utilization);
    }

    GpuState.Counters now() {
        return new GpuState.Counters(
                energyMillijoules,
                powerCapNanos,
                idleNanos,
                volatileCorrected,
                aggregateCorrected,
                pcie.now(),
                nvLinks.now());
    }
}
