package dev.gpuexporter.simulation;

import java.util.HashMap;
import java.util.Map;

/** How long the units of a GPU, and of each GPU instance on it, have worked: what GPM's samples lie between. */
final class RunningActivity {
    private double busySeconds;
    private double memorySeconds;
    private final Map<Integer, SharedTime.Share> gpuInstances = new HashMap<>();

    void advance(SharedTime time) {
        double seconds = Physics.STEP_NANOS / 1e9;
        busySeconds += time.utilization() * seconds;
        memorySeconds += time.memoryUtilization() * seconds;
        time.gpuInstances()
                .forEach((id, share) -> gpuInstances.merge(
                        id,
                        new SharedTime.Share(share.utilization() * seconds, share.memoryUtilization() * seconds),
                        SharedTime.Share::and));
    }

    /** @param untilNanos the end of the step that was counted last */
    GpuState.Activity now(long untilNanos) {
        return new GpuState.Activity(
                untilNanos, new SharedTime.Share(busySeconds, memorySeconds), Map.copyOf(gpuInstances));
    }
}
