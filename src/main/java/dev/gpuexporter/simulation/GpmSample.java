package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.NvmlReturn;
import java.util.List;

/**
 * What GPM has counted by some moment, of a GPU or of one GPU instance.
 *
 * @param gpu its index; −1 where nothing has been sampled yet
 * @param gpuInstance −1 for the whole GPU
 * @param elapsedNanos when it was taken
 * @param countedNanos until when everything in it is counted: the step of the simulation before that moment
 * @param nvLinkTransmitBytes over all NVLinks
 */
record GpmSample(
        int gpu,
        int gpuInstance,
        long elapsedNanos,
        long countedNanos,
        SharedTime.Share workSeconds,
        double pcieTransmitBytes,
        double pcieReceiveBytes,
        double nvLinkTransmitBytes,
        double nvLinkReceiveBytes) {
    static final GpmSample EMPTY = new GpmSample(-1, -1, 0, 0, new SharedTime.Share(0, 0), 0, 0, 0, 0);

    private static final long LEAST_NANOS = 100_000_000;
    private static final double MIB = 1 << 20;

    static GpmSample ofGpu(SimulatedGpu gpu, long elapsedNanos) {
        GpuState state = gpu.state();
        List<NvLinkState> links = state.counters().nvLinks();
        return new GpmSample(
                gpu.index(),
                -1,
                elapsedNanos,
                state.activity().untilNanos(),
                state.activity().gpu(),
                state.counters().pcie().transmitBytes(),
                state.counters().pcie().receiveBytes(),
                links.stream().mapToDouble(NvLinkState::transmitBytes).sum(),
                links.stream().mapToDouble(NvLinkState::receiveBytes).sum());
    }

    static GpmSample ofGpuInstance(SimulatedGpu gpu, int gpuInstance, long elapsedNanos) {
        GpuState.Activity activity = gpu.state().activity();
        SharedTime.Share seconds = activity.gpuInstances().getOrDefault(gpuInstance, new SharedTime.Share(0, 0));
        return new GpmSample(gpu.index(), gpuInstance, elapsedNanos, activity.untilNanos(), seconds, 0, 0, 0, 0);
    }

    boolean isOfSameDevice(GpmSample other) {
        return gpu >= 0 && gpu == other.gpu && gpuInstance == other.gpuInstance;
    }

    /**
     * What lies between an earlier sample and this one: percent or MiB/s, NaN where they are too close.
     *
     * <p>One kind of work is simulated: a model that is trained in half precision. Each unit has its own part of the
     * time in which the GPU works, none more than the one it belongs to.
     */
    double since(GpmSample before, int metric) throws Refusal {
        double seconds = (countedNanos - before.countedNanos) / 1e9;
        boolean close = elapsedNanos - before.elapsedNanos < LEAST_NANOS;
        double work = close ? Double.NaN : (workSeconds.utilization() - before.workSeconds.utilization()) / seconds;
        double memory = (workSeconds.memoryUtilization() - before.workSeconds.memoryUtilization()) / seconds;
        return switch (metric) {
            case NVML_GPM_METRIC_GRAPHICS_UTIL -> 100 * work;
            case NVML_GPM_METRIC_SM_UTIL -> 90 * work;
            case NVML_GPM_METRIC_SM_OCCUPANCY -> 45 * work;
            case NVML_GPM_METRIC_INTEGER_UTIL -> 21 * work;
            case NVML_GPM_METRIC_ANY_TENSOR_UTIL -> 50 * work;
            case NVML_GPM_METRIC_DFMA_TENSOR_UTIL -> 2 * work;
            case NVML_GPM_METRIC_HMMA_TENSOR_UTIL -> 40 * work;
            case NVML_GPM_METRIC_DMMA_TENSOR_UTIL -> 3 * work;
            case NVML_GPM_METRIC_IMMA_TENSOR_UTIL -> 5 * work;
            case NVML_GPM_METRIC_DRAM_BW_UTIL -> close ? Double.NaN : 80 * memory;
            case NVML_GPM_METRIC_FP64_UTIL -> work;
            case NVML_GPM_METRIC_FP32_UTIL -> 17 * work;
            case NVML_GPM_METRIC_FP16_UTIL -> 7 * work;
            default -> rate(before, metric, seconds, work);
        };
    }

    /** Only of the whole GPU. */
    private double rate(GpmSample before, int metric, double seconds, double work) throws Refusal {
        if (gpuInstance >= 0) {
            throw Refusal.notSupported();
        }
        double bytesPerSecond =
                switch (metric) {
                    case NVML_GPM_METRIC_PCIE_TX_PER_SEC -> (pcieTransmitBytes - before.pcieTransmitBytes) / seconds;
                    case NVML_GPM_METRIC_PCIE_RX_PER_SEC -> (pcieReceiveBytes - before.pcieReceiveBytes) / seconds;
                    case NVML_GPM_METRIC_NVLINK_TOTAL_TX_PER_SEC ->
                        (nvLinkTransmitBytes - before.nvLinkTransmitBytes) / seconds;
                    case NVML_GPM_METRIC_NVLINK_TOTAL_RX_PER_SEC ->
                        (nvLinkReceiveBytes - before.nvLinkReceiveBytes) / seconds;
                    default -> throw new Refusal(NvmlReturn.NOT_SUPPORTED);
                };
        return Double.isNaN(work) ? Double.NaN : bytesPerSecond / MIB;
    }
}
