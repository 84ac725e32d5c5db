package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.PROCESSES;

import dev.gpuexporter.nvml.GpuProcess.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Who is on a GPU. */
final class ProcessMetrics {
    static final List<GpuMetric> ALL = List.of(gauge(
                    PROCESSES,
                    "gpu_processes",
                    "Processes on the GPU, each once: mps for clients of the Multi-Process Service, else compute, else graphics.")
            .labels("kind")
            .from("nvmlDeviceGetMPSComputeRunningProcesses_v3, …Compute…, …Graphics…")
            .needs("in a container hostPID, where the driver's kernel modules are the open ones")
            .read((device, out) -> {
                for (Map.Entry<Kind, Integer> count :
                        device.processes().counts().entrySet()) {
                    out.add(count.getValue(), count.getKey().name().toLowerCase(Locale.ROOT));
                }
            }));

    private ProcessMetrics() {}
}
