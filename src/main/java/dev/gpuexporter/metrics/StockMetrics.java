package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.WORKLOADS;

import java.util.List;

/** What the node has to give to containers and has given, and whether it is set up for that. */
public final class StockMetrics {
    public static final GpuMetric GPU_ALLOCATABLE = gauge(
                    WORKLOADS,
                    "gpu_allocatable",
                    "Whether the kubelet has this GPU, or a part of it, to give, held or free (1), or its device plugin"
                            + " finds none of it healthy (0); absent where the kubelet does not say.")
            .from("the kubelet's PodResources API")
            .needs("Kubernetes 1.21 and a device plugin");

    public static final GpuMetric ALLOCATABLE = gauge(
                    WORKLOADS,
                    "gpu_resource_allocatable",
                    "Devices of a resource, of any device plugin, that the kubelet has to give, held or free; those"
                            + " that are not healthy are left out.")
            .ofNode()
            .labels("resource")
            .from("the kubelet's PodResources API, from Kubernetes 1.21 on; DRA drivers tell no stock");

    public static final GpuMetric ALLOCATED = gauge(
                    WORKLOADS,
                    "gpu_resource_allocated",
                    "Devices of a resource, of any device plugin or DRA driver, that containers hold.")
            .ofNode()
            .labels("resource")
            .from("the kubelet's PodResources API");

    public static final GpuMetric STACK_COMPONENT_READY = gauge(
                    WORKLOADS,
                    "gpu_stack_component_ready",
                    "Whether the GPU Operator's validator has found this component in order (1); it deletes its files"
                            + " as it stops, so 0 alone proves no fault.")
            .ofNode()
            .labels("component")
            .from("/run/nvidia/validations")
            .needs("the GPU Operator, and that directory in the container: deploy/overlays/gpu-operator");

    static final List<GpuMetric> ALL = List.of(GPU_ALLOCATABLE, ALLOCATABLE, ALLOCATED, STACK_COMPONENT_READY);

    private StockMetrics() {}
}
