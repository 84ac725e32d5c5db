package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.MEMORY;

import java.util.List;

/** Device memory, and the window through which the host reaches it. */
final class MemoryMetrics {
    private static final String CALL = "nvmlDeviceGetMemoryInfo_v2";

    static final List<GpuMetric> ALL = List.of(
            gauge(MEMORY, "gpu_memory_total_bytes", "Device memory, what the driver reserves included.")
                    .from(CALL)
                    .read((device, out) -> device.memory().ifPresent(memory -> out.add(memory.total()))),
            gauge(
                            MEMORY,
                            "gpu_memory_used_bytes",
                            "Device memory allocated, without what the driver reserves (before driver 510: with it).")
                    .withOwner()
                    .from(CALL)
                    .read((device, out) -> device.memory().ifPresent(memory -> out.add(memory.used()))),
            gauge(MEMORY, "gpu_memory_free_bytes", "Device memory that can still be allocated.")
                    .from(CALL)
                    .read((device, out) -> device.memory().ifPresent(memory -> out.add(memory.free()))),
            gauge(
                            MEMORY,
                            "gpu_memory_reserved_bytes",
                            "Device memory that the driver and firmware keep for themselves.")
                    .from(CALL)
                    .needs("driver 510")
                    .read((device, out) -> device.memory().ifPresent(memory -> out.add(memory.reserved()))),
            gauge(
                            MEMORY,
                            "gpu_bar1_memory_total_bytes",
                            "Size of the PCI window through which the host reaches device memory.")
                    .from("nvmlDeviceGetBAR1MemoryInfo")
                    .read((device, out) -> device.bar1Memory().ifPresent(memory -> out.add(memory.total()))),
            gauge(MEMORY, "gpu_bar1_memory_used_bytes", "How much of the PCI window to device memory is mapped.")
                    .from("nvmlDeviceGetBAR1MemoryInfo")
                    .read((device, out) -> device.bar1Memory().ifPresent(memory -> out.add(memory.used()))));

    private MemoryMetrics() {}
}
