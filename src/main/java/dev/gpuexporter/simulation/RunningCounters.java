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
    private long thermalNanos;
    private long powerBrakeNanos;
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
        thermalNanos = 0;
        powerBrakeNanos = 0;
        idleNanos = 0;
        volatileCorrected = 0;
        pcie.driverUnloaded();
        nvLinks.driverUnloaded();
    }

    void advance(long step, double utilization, double powerWatts, long reasons) {
        double seconds = Physics.STEP_NANOS / 1e9;
        energyMillijoules += powerWatts * seconds * 1000;
        powerCapNanos += nanos(reasons, GpuState.REASON_SW_POWER_CAP);
        thermalNanos += nanos(reasons, GpuState.REASON_SW_THERMAL_SLOWDOWN);
        powerBrakeNanos += nanos(reasons, GpuState.REASON_HW_POWER_BRAKE_SLOWDOWN);
        idleNanos += nanos(reasons, GpuState.REASON_IDLE);
        if (corrected.uniform(step) < CORRECTED_PER_DAY / STEPS_PER_DAY) {
            volatileCorrected++;
            aggregateCorrected++;
        }
        pcie.advance(step, utilization);
        nvLinks.advance(step, utilization);
    }

    private static long nanos(long reasons, long reason) {
        return (reasons & reason) == 0 ? 0 : Physics.STEP_NANOS;
    }

    GpuState.Counters now() {
        return new GpuState.Counters(
                energyMillijoules,
                powerCapNanos,
                thermalNanos,
                powerBrakeNanos,
                idleNanos,
                volatileCorrected,
                aggregateCorrected,
                pcie.now(),
                nvLinks.now());
    }
}
