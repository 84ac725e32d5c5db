package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.WORKLOADS;

import java.util.List;

/** Who holds which device. */
public final class WorkloadMetrics {
    public static final GpuMetric INFO = gauge(
                    WORKLOADS,
                    "gpu_workload_info",
                    "A container that the kubelet has given this GPU, or a share of it, to.")
            .labels("namespace", "pod", "container", "resource")
            .from("the kubelet's PodResources API");

    static final List<GpuMetric> ALL = List.of(INFO);

    private WorkloadMetrics() {}
}
