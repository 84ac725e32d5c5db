package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceProcess;
import dev.gpuexporter.kubernetes.Workload;
import java.time.Instant;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What one container does with one GPU or MIG device.
 *
 * @param memoryBytes of all of its processes; empty where that is not known of each of them
 * @param smUtilizationRatio of all of its processes, 0–1; empty where that is not known of each of them
 * @param processes on the device; empty where nobody can tell
 * @param energyJoules while it held the device alone; empty where it never did, or the device does not count
 * @param lastActive when it was last found active; empty where it never was
 */
public record WorkloadUse(
        Workload workload,
        OptionalLong memoryBytes,
        OptionalDouble smUtilizationRatio,
        OptionalInt processes,
        OptionalDouble energyJoules,
        Optional<Instant> lastActive) {

    /** Of nobody's processes nothing is known. */
    static WorkloadUse of(Workload workload, OptionalDouble energyJoules, Optional<Instant> lastActive) {
        return new WorkloadUse(
                workload, OptionalLong.empty(), OptionalDouble.empty(), OptionalInt.empty(), energyJoules, lastActive);
    }

    /** The same with these processes, which are all that it has; a device without any has no say in utilization. */
    WorkloadUse with(List<DeviceProcess> all) {
        return new WorkloadUse(
                workload,
                memory(all),
                all.isEmpty() ? OptionalDouble.empty() : utilization(all),
                OptionalInt.of(all.size()),
                energyJoules,
                lastActive);
    }

    private static OptionalLong memory(List<DeviceProcess> processes) {
        long sum = 0;
        for (DeviceProcess process : processes) {
            if (process.memoryBytes().isEmpty()) {
                return OptionalLong.empty();
            }
            sum += process.memoryBytes().getAsLong();
        }
        return OptionalLong.of(sum);
    }

    /** Processes that take turns were seen to be busy for more than all of the time, by rounding. */
    static OptionalDouble utilization(List<DeviceProcess> processes) {
        DoubleSummaryStatistics ratios = new DoubleSummaryStatistics(); // its sum is closer than that of a loop
        for (DeviceProcess process : processes) {
            if (process.smUtilizationRatio().isEmpty()) {
                return OptionalDouble.empty();
            }
            ratios.accept(process.smUtilizationRatio().getAsDouble());
        }
        return OptionalDouble.of(Math.min(1, ratios.getSum()));
    }
}
