package dev.gpuexporter.metrics;

import java.util.Locale;

/** Metrics that are switched on and off together: {@code metrics.<name>}. */
public enum Group {
    /** Identity, whether the GPU answers, its modes; always on. */
    DEVICE,
    UTILIZATION,
    MEMORY,
    TEMPERATURE,
    FANS,
    POWER,
    CLOCKS,
    /** What asks for a reset, a drain or a replacement. */
    HEALTH,
    ECC,
    PCIE,
    /** Virtual GPUs, on their host. */
    VGPU,
    PROFILING,
    /** The same of each engine for pictures: off until somebody asks for it. */
    ENGINES,
    /** A reading that blocks for 20 ms in each direction: off until somebody asks for it. */
    PCIE_THROUGHPUT,
    /** The links between GPUs, and the fabric that they make. */
    NVLINK,
    /** What a link tells besides, of which there is much: off until somebody asks for it. */
    LINK_DETAILS,
    /** Which GPUs reach each other; off until somebody asks for it. */
    P2P,
    /** Who is on a GPU. */
    PROCESSES,
    /** What a GPU tells of on its own: Xids, ECC errors; off, nobody waits for it. */
    EVENTS,
    /** What each container does with a device. */
    WORKLOAD_USAGE,
    /** Who holds which device; governed by {@code kubernetes.…}. */
    WORKLOADS,
    /** What the exporter says of itself; always on. */
    EXPORTER;

    /** As written in the configuration and the docs. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether a person may switch it off by {@code metrics.<name>}. */
    public boolean isOptional() {
        return this != DEVICE && this != WORKLOADS && this != EXPORTER;
    }
}
