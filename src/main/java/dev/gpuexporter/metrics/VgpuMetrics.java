package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.VGPU;

import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.VgpuHost.Use;
import dev.gpuexporter.nvml.VgpuHost.Vgpu;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Virtual GPUs, as the hypervisor's driver sees them. */
final class VgpuMetrics {
    private static final String NEEDS = "a vGPU host";

    static final List<GpuMetric> ALL = List.of(
            gauge(
                            VGPU,
                            "gpu_virtualization_mode",
                            "What the GPU is to a virtual machine: 0 nothing, 1 passed through to it, 2 a virtual GPU seen from within it, 3 the host of virtual GPUs (vGPU), 4 the host of shared graphics (vSGA).")
                    .from("nvmlDeviceGetVirtualizationMode")
                    .read((device, out) -> out.add(device.vgpuHost().virtualizationMode())),
            gauge(VGPU, "gpu_vgpus", "Virtual GPUs that run on the GPU.")
                    .from("nvmlDeviceGetActiveVgpus")
                    .needs(NEEDS)
                    .read((device, out) -> device.vgpuHost().vgpus().ifPresent(vgpus -> out.add(vgpus.size()))),
            gauge(VGPU, "gpu_vgpu_memory_used_bytes", "Memory that the guest uses of its virtual GPU.")
                    .labels("vgpu")
                    .from("nvmlVgpuInstanceGetFbUsage")
                    .needs(NEEDS)
                    .read((device, out) -> {
                        for (Vgpu vgpu : vgpus(device)) {
                            out.add(vgpu.memoryUsedBytes(), vgpu.uuid());
                        }
                    }),
            gauge(VGPU, "gpu_vgpu_licensed", "Whether the guest has a license for its virtual GPU (1) or not (0).")
                    .labels("vgpu")
                    .from("nvmlVgpuInstanceGetLicenseInfo_v2")
                    .needs(NEEDS)
                    .read((device, out) -> {
                        for (Vgpu vgpu : vgpus(device)) {
                            out.add(vgpu.licensed(), vgpu.uuid());
                        }
                    }),
            utilization("sm", "Share of the GPU's time that a virtual GPU computed in.", Use::sm),
            utilization(
                    "memory_controller",
                    "Share of the GPU's time in which a virtual GPU read or wrote device memory.",
                    Use::memoryController),
            utilization("encoder", "Share of the video encoders' time that a virtual GPU had.", Use::encoder),
            utilization("decoder", "Share of the video decoders' time that a virtual GPU had.", Use::decoder));

    private VgpuMetrics() {}

    private static GpuMetric utilization(String of, String help, Function<Use, OptionalDouble> part) {
        return gauge(VGPU, "gpu_vgpu_" + of + "_utilization_ratio", help)
                .labels("vgpu")
                .from("nvmlDeviceGetVgpuUtilization")
                .needs(NEEDS)
                .read((device, out) -> {
                    for (Vgpu vgpu : vgpus(device)) {
                        Optional<Use> use = device.vgpuHost().use(vgpu);
                        if (use.isPresent()) {
                            out.add(part.apply(use.get()), vgpu.uuid());
                        }
                    }
                });
    }

    private static List<Vgpu> vgpus(NvmlDevice device) throws NvmlException {
        return device.vgpuHost().vgpus().orElse(List.of());
    }
}
