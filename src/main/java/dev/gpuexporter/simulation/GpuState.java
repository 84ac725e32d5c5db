package dev.gpuexporter.simulation;

import java.util.List;
import java.util.Map;

/**
 * What a GPU's sensors and counters say at one step of the simulation.
 *
 * @param utilization 0–1
 * @param memoryUtilization of the memory controller, 0–1
 * @param powerWatts at this instant
 * @param averagePowerWatts the mean of the last second
 * @param temperatureCelsius of the GPU
 * @param performanceState 0 is P0
 * @param clocks as they run
 * @param clocksEventReasons bits of {@code nvmlClocksEventReasons}
 * @param activity what GPM counts
 * @param processes those that hold the GPU
 */
record GpuState(
        double utilization,
        double memoryUtilization,
        double powerWatts,
        double averagePowerWatts,
        double temperatureCelsius,
        double memoryTemperatureCelsius,
        int performanceState,
        GpuModel.Clocks clocks,
        long clocksEventReasons,
        List<SimulatedProcess> processes,
        Counters counters,
        Activity activity) {

    static final long REASON_IDLE = 0x1;
    static final long REASON_SW_POWER_CAP = 0x4;
    static final long REASON_HW_SLOWDOWN = 0x8;
    static final long REASON_SW_THERMAL_SLOWDOWN = 0x20;
    static final long REASON_HW_POWER_BRAKE_SLOWDOWN = 0x80;

    /** Of what the driver uses for itself, besides what it reserves and what the processes have. */
    static final long DRIVER_OVERHEAD_BYTES = 4L << 20;

    /** Without what the driver reserves. */
    long usedBytes() {
        return DRIVER_OVERHEAD_BYTES
                + processes.stream().mapToLong(SimulatedProcess::memoryBytes).sum();
    }

    boolean idle() {
        return utilization == 0;
    }

    /** Those on one GPU instance. */
    List<SimulatedProcess> processes(int gpuInstance) {
        return processes.stream()
                .filter(process -> process.mig()
                        .filter(mig -> mig.gpuInstance() == gpuInstance)
                        .isPresent())
                .toList();
    }

    /** Of the processes on one GPU instance. */
    long usedBytes(int gpuInstance) {
        return processes(gpuInstance).stream()
                .mapToLong(SimulatedProcess::memoryBytes)
                .sum();
    }

    /**
     * Seconds of work since the start.
     *
     * @param untilNanos the end of the last step that is counted
     * @param gpuInstances of each GPU instance, in its own time, by id
     */
    record Activity(long untilNanos, SharedTime.Share gpu, Map<Integer, SharedTime.Share> gpuInstances) {}

    /**
     * What only rises while the driver is loaded.
     *
     * @param energyMillijoules since the driver was loaded
     * @param powerCapNanos spent below the clocks that the power limit stood in the way of
     * @param thermalNanos spent below the clocks that heat stood in the way of
     * @param powerBrakeNanos the same for the board's power brake
     * @param idleNanos spent with nothing to do
     * @param volatileCorrected ECC errors in device memory since the driver was loaded
     * @param aggregateCorrected ECC errors in device memory in the GPU's life
     * @param nvLinks by their numbers
     */
    record Counters(
            double energyMillijoules,
            long powerCapNanos,
            long thermalNanos,
            long powerBrakeNanos,
            long idleNanos,
            long volatileCorrected,
            long aggregateCorrected,
            PcieState pcie,
            List<NvLinkState> nvLinks) {
        Counters {
            nvLinks = List.copyOf(nvLinks);
        }
    }
}
