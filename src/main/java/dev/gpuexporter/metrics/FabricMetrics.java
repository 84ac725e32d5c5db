package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.NVLINK;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.FabricInfo;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How GPUs stand with the fabric of NVSwitches that joins them. */
final class FabricMetrics {
    private static final String SOURCE = "nvmlDeviceGetGpuFabricInfoV, nvmlDeviceGetGpuFabricInfo";

    /** Two bits each in the driver's mask: not told, true, false. */
    private static final int MASK = 0x3;

    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final Map<Integer, String> CONDITIONS = new LinkedHashMap<>();

    static {
        CONDITIONS.put(NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_DEGRADED_BW, "degraded_bandwidth");
        CONDITIONS.put(NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_ROUTE_RECOVERY, "route_recovery");
        CONDITIONS.put(NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_ROUTE_UNHEALTHY, "route_unhealthy");
        CONDITIONS.put(NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_ACCESS_TIMEOUT_RECOVERY, "access_timeout_recovery");
    }

    static final List<GpuMetric> ALL = List.of(
            gauge(
                            NVLINK,
                            "gpu_fabric_state",
                            "How far the GPU is in joining its fabric: 1 not started, 2 in progress, 3 completed.")
                    .from(SOURCE)
                    .needs("GPUs that join a fabric")
                    .read((device, out) -> device.fabric().info().ifPresent(info -> out.add(info.state()))),
            gauge(
                            NVLINK,
                            "gpu_fabric_status",
                            "With which of NVML's return codes the GPU completed joining its fabric: 0 is success.")
                    .from(SOURCE)
                    .needs("GPUs that join a fabric")
                    .read((device, out) -> completed(device).ifPresent(info -> out.add(info.status()))),
            gauge(NVLINK, "gpu_fabric_info", "Which part of which fabric the GPU has joined.")
                    .labels("cluster_uuid", "clique")
                    .from(SOURCE)
                    .needs("GPUs that join a fabric")
                    .read((device, out) -> completed(device)
                            .ifPresent(info -> out.add(1, info.clusterUuid(), Long.toString(info.cliqueId())))),
            gauge(
                            NVLINK,
                            "gpu_fabric_unhealthy",
                            "Whether the GPU's place in its fabric suffers from a condition (1) or not (0).")
                    .labels("condition")
                    .from("nvmlDeviceGetGpuFabricInfoV")
                    .needs("GPUs that join a fabric")
                    .read(FabricMetrics::unhealthy),
            gauge(
                            NVLINK,
                            "gpu_fabric_health_summary",
                            "Health of the GPU's place in its fabric: 1 healthy, 2 unhealthy, 3 limited capacity.")
                    .from("nvmlDeviceGetGpuFabricInfoV, version 3")
                    .needs("GPUs that join a fabric")
                    .read((device, out) -> completed(device)
                            .filter(info -> info.healthSummary() != NVML_GPU_FABRIC_HEALTH_SUMMARY_NOT_SUPPORTED)
                            .ifPresent(info -> out.add(info.healthSummary()))));

    private FabricMetrics() {}

    /** Everything but the state means something only then. */
    private static Optional<FabricInfo> completed(NvmlDevice device) throws NvmlException {
        return device.fabric().info().filter(FabricInfo::isCompleted);
    }

    private static void unhealthy(NvmlDevice device, Samples out) throws NvmlException {
        Optional<FabricInfo> info = completed(device);
        if (info.isEmpty()) {
            return;
        }
        CONDITIONS.forEach((shift, condition) -> add(out, info.get().health(shift, MASK), TRUE, FALSE, condition));
        int configuration = info.get()
                .health(
                        NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_INCORRECT_CONFIGURATION,
                        NVML_GPU_FABRIC_HEALTH_MASK_WIDTH_INCORRECT_CONFIGURATION);
        if (configuration != 0) { // 1 is none, what follows are its kinds
            out.add(configuration == 1 ? 0 : 1, "incorrect_configuration");
        }
        int connected = info.get().health(NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_GFM_STATE, MASK);
        add(out, connected, FALSE, TRUE, "fabric_manager_disconnected");
    }

    private static void add(Samples out, int bits, int yes, int no, String condition) {
        if (bits == yes || bits == no) {
            out.add(bits == yes ? 1 : 0, condition);
        }
    }
}
