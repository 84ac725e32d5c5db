package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.WORKLOAD_USAGE;

import java.util.List;

/** What each container does with a device, alone on it or not; a MIG device's in families of their own. */
public final class WorkloadUsageMetrics {
    private static final String PROCESSES = "nvmlDeviceGetComputeRunningProcesses_v3 and its like, /proc, /var/log";
    private static final String VISIBLE = "metrics.processes, hostPID, /var/log/containers and /var/log/pods";
    private static final String MIG = "MIG enabled";

    public static final GpuMetric MEMORY_USED = gauge(
                    WORKLOAD_USAGE,
                    "gpu_workload_memory_used_bytes",
                    "Device memory that the processes of a container have on this GPU; 0 where it holds the GPU and has none on it.")
            .notWithMig()
            .labels("namespace", "pod", "container")
            .from(PROCESSES)
            .needs(VISIBLE);
    public static final GpuMetric SM_UTILIZATION = gauge(
                    WORKLOAD_USAGE,
                    "gpu_workload_sm_utilization_ratio",
                    "Share of the time since the last poll in which kernels of a container ran on this GPU, summed over its processes, 1 at most.")
            .notWithMig()
            .labels("namespace", "pod", "container")
            .from("nvmlDeviceGetProcessesUtilizationInfo, nvmlDeviceGetProcessUtilization, /proc, /var/log")
            .needs(VISIBLE);
    public static final GpuMetric PROCESS_COUNT = gauge(
                    WORKLOAD_USAGE,
                    "gpu_workload_processes",
                    "Processes that a container has on this GPU; 0 where it holds the GPU and has none on it.")
            .notWithMig()
            .labels("namespace", "pod", "container")
            .from(PROCESSES)
            .needs(VISIBLE);
    public static final GpuMetric ENERGY = counter(
                    WORKLOAD_USAGE,
                    "gpu_workload_energy_joules_total",
                    "Energy that this GPU used while the container held it alone, from 0 on since the exporter first saw it do so; polls between which the owner changed count for nobody. Stays five minutes longer than the container.")
            .notWithMig()
            .labels("namespace", "pod", "container")
            .from("nvmlDeviceGetTotalEnergyConsumption between polls")
            .needs("metrics.power; Volta or newer");
    public static final GpuMetric LAST_ACTIVE = gauge(
                    WORKLOAD_USAGE,
                    "gpu_workload_last_active_timestamp_seconds",
                    "When a poll last found a container active on this GPU: a kernel of its processes ran or, where it holds the GPU alone, the GPU was busy. Absent until one has.")
            .notWithMig()
            .labels("namespace", "pod", "container")
            .from("the polls")
            .needs("metrics.utilization; for shared GPUs " + VISIBLE);

    public static final GpuMetric MIG_MEMORY_USED = gauge(
                    WORKLOAD_USAGE,
                    "gpu_mig_workload_memory_used_bytes",
                    "Device memory that the processes of a container have on this MIG device; 0 where it holds the device and has none on it.")
            .ofMigDevice()
            .labels("namespace", "pod", "container")
            .from(PROCESSES)
            .needs(MIG + "; " + VISIBLE);
    public static final GpuMetric MIG_PROCESS_COUNT = gauge(
                    WORKLOAD_USAGE,
                    "gpu_mig_workload_processes",
                    "Processes that a container has on this MIG device; 0 where it holds the device and has none on it.")
            .ofMigDevice()
            .labels("namespace", "pod", "container")
            .from(PROCESSES)
            .needs(MIG + "; " + VISIBLE);
    public static final GpuMetric MIG_LAST_ACTIVE = gauge(
                    WORKLOAD_USAGE,
                    "gpu_mig_workload_last_active_timestamp_seconds",
                    "When a poll last found the graphics engine of the GPU instance active that the container, alone, holds this MIG device of. Absent until one has.")
            .ofMigDevice()
            .labels("namespace", "pod", "container")
            .from("the polls")
            .needs(MIG + "; metrics.profiling, Hopper or newer");

    static final List<GpuMetric> ALL = List.of(
            MEMORY_USED,
            SM_UTILIZATION,
            PROCESS_COUNT,
            ENERGY,
            LAST_ACTIVE,
            MIG_MEMORY_USED,
            MIG_PROCESS_COUNT,
            MIG_LAST_ACTIVE);

    private WorkloadUsageMetrics() {}
}
