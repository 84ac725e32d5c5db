package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.DEVICE;

import java.util.List;

/** What a GPU is, and whether it answers. */
public final class DeviceMetrics {
    /** Kept for every GPU that this process has seen. */
    public static final GpuMetric INFO = gauge(DEVICE, "gpu_info", "What a GPU is and which driver runs it.")
            .labels(
                    "model",
                    "architecture",
                    "compute_capability",
                    "brand",
                    "serial",
                    "pci_bus_id",
                    "pci_device_id",
                    "pci_subsystem_id",
                    "minor",
                    "vbios_version",
                    "inforom_version",
                    "inforom_oem_version",
                    "inforom_ecc_version",
                    "inforom_power_version",
                    "driver_version",
                    "nvml_version",
                    "cuda_version",
                    "numa_node")
            .from("the identity calls; sysfs");

    public static final GpuMetric UP = gauge(
                    DEVICE,
                    "gpu_up",
                    "Whether the GPU answered in this poll (1) or is lost, hangs or is out of reach (0).")
            .from("the poll");

    static final List<GpuMetric> ALL = List.of(
            INFO,
            UP,
            gauge(DEVICE, "gpu_mig_enabled", "Whether the GPU is in MIG mode (1) or not (0).")
                    .from("nvmlDeviceGetMigMode")
                    .needs("GPUs that can be partitioned")
                    .read((device, out) -> out.add(device.migEnabled())),
            gauge(DEVICE, "gpu_performance_state", "Performance state, from 0 (fastest) to 15.")
                    .from("nvmlDeviceGetPerformanceState")
                    .read((device, out) -> out.add(device.performanceState())));

    private DeviceMetrics() {}
}
