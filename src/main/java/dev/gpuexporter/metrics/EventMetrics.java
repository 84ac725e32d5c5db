package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.EVENTS;

import java.util.List;

/** What the GPUs told of on their own; it stays for every GPU that this process has seen, also when it is lost. */
public final class EventMetrics {
    private static final String SOURCE = "nvmlEventSetWait_v2";

    public static final GpuMetric XID_ERRORS = counter(
                    EVENTS,
                    "gpu_xid_errors_total",
                    "Xid errors that the driver reported since the exporter started; those of events.xids from 0 on, others from the first.")
            .labels("xid")
            .from(SOURCE);
    public static final GpuMetric XID_LAST = gauge(
                    EVENTS,
                    "gpu_xid_last_timestamp_seconds",
                    "When the driver last reported the Xid; absent until it has.")
            .labels("xid")
            .from(SOURCE);
    public static final GpuMetric XID_INFO = gauge(
                    EVENTS,
                    "gpu_xid_info",
                    "What an Xid means and what to do about it, for those of events.xids and all that have come.")
            .ofNode()
            .labels("xid", "name", "action")
            .from("NVIDIA's Xid catalogue");
    public static final GpuMetric EVENTS_TOTAL = counter(
                    EVENTS,
                    "gpu_events_total",
                    "Other events that the driver reported since the exporter started, from 0 on for those that the GPU can tell of.")
            .labels("event")
            .from(SOURCE);

    /** Of the GPU also where it is cut up: the parts report none. */
    public static final GpuMetric WORKLOAD_XID_LAST = gauge(
                    EVENTS,
                    "gpu_workload_xid_last_timestamp_seconds",
                    "When the driver last reported the Xid while the container held the GPU, a share of it or, unless the Xid names another, a MIG device of it; kept for an hour, also when the pod or the GPU has gone.")
            .labels("namespace", "pod", "container", "xid")
            .from(SOURCE + " and the kubelet's PodResources API");

    static final List<GpuMetric> ALL = List.of(XID_ERRORS, XID_LAST, XID_INFO, EVENTS_TOTAL, WORKLOAD_XID_LAST);

    private EventMetrics() {}
}
