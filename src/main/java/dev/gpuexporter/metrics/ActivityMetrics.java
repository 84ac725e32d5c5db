package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.UTILIZATION;

import java.util.List;

/** When a GPU was last put to use. */
public final class ActivityMetrics {
    public static final GpuMetric LAST_ACTIVE = gauge(
                    UTILIZATION,
                    "gpu_last_active_timestamp_seconds",
                    "When a poll last found the GPU busy: its utilization, or that of a process on it, above 0; with MIG enabled, the graphics engine of a MIG device, or where none tells of it a process. Absent until one has.")
            .from("the polls");

    static final List<GpuMetric> ALL = List.of(LAST_ACTIVE);

    private ActivityMetrics() {}
}
