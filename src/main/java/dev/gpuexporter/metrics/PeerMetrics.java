package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.P2P;

import java.util.List;

/** Which GPUs of a node reach each other. */
public final class PeerMetrics {
    /** Of each ordered pair of GPUs that answer. */
    public static final GpuMetric NVLINK_STATUS = gauge(
                    P2P,
                    "gpu_nvlink_p2p_status",
                    "Whether a GPU reaches another of the node over NVLink: 0 it does; else why not: 1 chipset, 2 GPU, 3 topology, 4 disabled, 5 not supported, 6 unknown.")
            .labels("peer_gpu", "peer_uuid")
            .from("nvmlDeviceGetP2PStatus, once a minute")
            .needs("several GPUs");

    static final List<GpuMetric> ALL = List.of(NVLINK_STATUS);

    private PeerMetrics() {}
}
