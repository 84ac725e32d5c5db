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

    /** In a family of its own: a GPU and its parts never share one. */
    public static final GpuMetric MIG_INFO = gauge(
                    WORKLOADS,
                    "gpu_mig_workload_info",
                    "A container that the kubelet has given this MIG device, or a share of it, to.")
            .ofMigDevice()
            .labels("namespace", "pod", "container", "resource")
            .from("the kubelet's PodResources API")
            .needs("MIG enabled");

    static final List<GpuMetric> ALL = List.of(INFO, MIG_INFO);

    private WorkloadMetrics() {}
}
