package dev.gpuexporter.simulation;

/** The counters of one GPU as they run. */
final class RunningCounters {
    private static final double STEPS_PER_DAY = 24 * 3600 * (1e9 / Physics.STEP_NANOS);
    private static final double CORRECTED_PER_DAY = 4;
    private static final double REPLAYS_PER_DAY = 6;
    private static final double IDLE_PCIE_LOW = 300e3;
    private static final double IDLE_PCIE_HIGH = 600e3;
    private static final double BUSY_PCIE = 2e9;

    private final Seed corrected;
    private final Seed replay;
    private final Seed traffic;

    private double energyMillijoules;
    private long powerCapNanos;
    private long idleNanos;
    private long volatileCorrected;
    private long aggregateCorrected;
    private long pcieReplays;
    private double pcieTransmitBytes;
    private double pcieReceiveBytes;

    RunningCounters(Seed seed) {
        corrected = seed.of("corrected");
        replay = seed.of("replay");
        traffic = seed.of("traffic");
        aggregateCorrected = (long) (5 * seed.of("life").uniform(0));
    }

    /** What a freshly loaded driver counts from zero. */
    void driverLoaded() {
        energyMillijoules = 0;
        powerCapNanos = 0;
        idleNanos = 0;
        volatileCorrected = 0;
        pcieReplays = 0;
        pcieTransmitBytes = 0;
        pcieReceiveBytes = 0;
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
        if (replay.uniform(step) < REPLAYS_PER_DAY / STEPS_PER_DAY) {
            pcieReplays++;
        }
        pcieTransmitBytes += bytesPerSecond(2 * step, 0.3 * utilization) * seconds;
        pcieReceiveBytes += bytesPerSecond(2 * step + 1, utilization) * seconds;
    }

    private double bytesPerSecond(long n, double busy) {
        double idle = IDLE_PCIE_LOW + (IDLE_PCIE_HIGH - IDLE_PCIE_LOW) * traffic.uniform(n);
        return idle + (BUSY_PCIE - IDLE_PCIE_HIGH) * busy * traffic.uniform(n);
    }

    GpuState.Counters now() {
        return new GpuState.Counters(
                energyMillijoules,
                powerCapNanos,
                idleNanos,
                volatileCorrected,
                aggregateCorrected,
                pcieReplays,
                pcieTransmitBytes,
                pcieReceiveBytes);
    }
}
