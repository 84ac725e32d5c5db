package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.ENGINES;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.Profiler;
import java.util.List;

/** How busy each of the engines for pictures is, by GPM; of a GPU and, in MIG mode, of each GPU instance. */
final class EngineMetrics {
    private static final String SOURCE = "nvmlGpmMetricsGet";

    /** Engines of one kind by GPM's numbers; {@code help} has a place for what it is said of. */
    private record Kind(String name, int first, int last, String help) {
        /** One that the GPU does not have is left out. */
        void read(Profiler profiler, Samples out) throws NvmlException {
            for (int metric = first; metric <= last; metric++) {
                out.add(profiler.ratio(metric), NumberLabel.of(metric - first));
            }
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind(
                    "decoder_active_ratio",
                    NVML_GPM_METRIC_NVDEC_0_UTIL,
                    NVML_GPM_METRIC_NVDEC_7_UTIL,
                    "Share of time since the last poll in which one video decoder of the %s worked."),
            new Kind(
                    "jpeg_active_ratio",
                    NVML_GPM_METRIC_NVJPG_0_UTIL,
                    NVML_GPM_METRIC_NVJPG_7_UTIL,
                    "Share of time since the last poll in which one JPEG engine of the %s worked."),
            new Kind(
                    "ofa_active_ratio",
                    NVML_GPM_METRIC_NVOFA_0_UTIL,
                    NVML_GPM_METRIC_NVOFA_1_UTIL,
                    "Share of time since the last poll in which one optical flow engine of the %s worked."));

    static final List<GpuMetric> ALL = KINDS.stream().map(EngineMetrics::ofGpu).toList();

    static final List<GpuMetric> OF_GPU_INSTANCES =
            KINDS.stream().map(EngineMetrics::ofGpuInstance).toList();

    private EngineMetrics() {}

    private static GpuMetric ofGpu(Kind kind) {
        return gauge(ENGINES, "gpu_" + kind.name(), kind.help().formatted("GPU"))
                .labels("engine")
                .withOwner()
                .from(SOURCE)
                .needs("Hopper and later; driver 520")
                .read((device, out) -> kind.read(device.profiler(), out));
    }

    private static GpuMetric ofGpuInstance(Kind kind) {
        return gauge(ENGINES, "gpu_mig_" + kind.name(), kind.help().formatted("GPU instance"))
                .ofGpuInstance()
                .labels("engine")
                .withOwner()
                .from(SOURCE)
                .needs("Hopper and later; driver 525")
                .readMig((device, out) -> kind.read(device.profiler(), out));
    }
}
