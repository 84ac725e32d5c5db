package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import java.util.List;

/**
 * What GPM has counted by some moment, of a GPU or of one GPU instance.
 *
 * @param gpu its index; −1 where nothing has been sampled yet
 * @param gpuInstance −1 for the whole GPU
 * @param elapsedNanos when it was taken
 * @param countedNanos until when everything in it is counted: the step of the simulation before that moment
 * @param engines how many there are for pictures
 * @param links by their numbers
 * @param c2c whether the GPU is joined to a processor chip to chip
 */
record GpmSample(
        int gpu,
        int gpuInstance,
        long elapsedNanos,
        long countedNanos,
        SharedTime.Share workSeconds,
        MigProfile.Engines engines,
        PcieState pcie,
        List<NvLinkState> links,
        boolean c2c) {
    static final GpmSample EMPTY = new GpmSample(
            -1,
            -1,
            0,
            0,
            new SharedTime.Share(0, 0),
            new MigProfile.Engines(0, 0, 0, 0),
            PcieState.NOTHING,
            List.of(),
            false);

    private static final long LEAST_NANOS = 100_000_000;
    private static final double MIB = 1 << 20;

    /** A Grace processor is nearer than one behind PCIe: more goes there, and a tenth of it is no data. */
    private static final double MORE_THAN_PCIE = 10;

    private static final double WITH_OVERHEAD = 1.1;

    static GpmSample ofGpu(SimulatedGpu gpu, long elapsedNanos) {
        GpuState state = gpu.state();
        return new GpmSample(
                gpu.index(),
                -1,
                elapsedNanos,
                state.activity().untilNanos(),
                state.activity().gpu(),
                MigProfile.enginesOf(gpu.model()),
                state.counters().pcie(),
                state.counters().nvLinks(),
                gpu.model().has(GpuModel.Feature.C2C_IN_USE));
    }

    static GpmSample ofGpuInstance(SimulatedGpu gpu, SimulatedMig part, long elapsedNanos) {
        GpuState.Activity activity = gpu.state().activity();
        SharedTime.Share seconds = activity.gpuInstances().getOrDefault(part.gpuInstance(), new SharedTime.Share(0, 0));
        return new GpmSample(
                gpu.index(),
                part.gpuInstance(),
                elapsedNanos,
                activity.untilNanos(),
                seconds,
                part.profile().engines(),
                PcieState.NOTHING,
                List.of(),
                false);
    }

    boolean isOfSameDevice(GpmSample other) {
        return gpu >= 0 && gpu == other.gpu && gpuInstance == other.gpuInstance;
    }

    /**
     * What lies between an earlier sample and this one: percent or MiB/s, NaN where they are too close.
     *
     * <p>One kind of work is simulated: a model that is trained in half precision. Each unit has its own part of the
     * time in which the GPU works, none more than the one it belongs to; the engines for pictures have nothing to do.
     */
    double since(GpmSample before, int metric) throws Refusal {
        boolean close = elapsedNanos - before.elapsedNanos < LEAST_NANOS;
        double seconds = close ? Double.NaN : (countedNanos - before.countedNanos) / 1e9;
        double work = (workSeconds.utilization() - before.workSeconds.utilization()) / seconds;
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
            case NVML_GPM_METRIC_DRAM_BW_UTIL -> 80 * memory;
            case NVML_GPM_METRIC_FP64_UTIL -> work;
            case NVML_GPM_METRIC_FP32_UTIL -> 17 * work;
            case NVML_GPM_METRIC_FP16_UTIL -> 7 * work;
            default -> hasEngine(metric) ? 0 * work : rate(before, metric) / MIB / seconds;
        };
    }

    private boolean hasEngine(int metric) {
        return isOneOf(metric, NVML_GPM_METRIC_NVDEC_0_UTIL, engines.decoders())
                || isOneOf(metric, NVML_GPM_METRIC_NVJPG_0_UTIL, engines.jpeg())
                || isOneOf(metric, NVML_GPM_METRIC_NVOFA_0_UTIL, engines.ofa());
    }

    private static boolean isOneOf(int metric, int first, int count) {
        return metric >= first && metric < first + count;
    }

    /** Bytes; only of the whole GPU. */
    private double rate(GpmSample before, int metric) throws Refusal {
        if (gpuInstance >= 0) {
            throw Refusal.notSupported();
        }
        double sent = pcie.transmitBytes() - before.pcie.transmitBytes();
        double received = pcie.receiveBytes() - before.pcie.receiveBytes();
        return switch (metric) {
            case NVML_GPM_METRIC_PCIE_TX_PER_SEC -> sent;
            case NVML_GPM_METRIC_PCIE_RX_PER_SEC -> received;
            case NVML_GPM_METRIC_NVLINK_TOTAL_TX_PER_SEC -> transmitted(links) - transmitted(before.links);
            case NVML_GPM_METRIC_NVLINK_TOTAL_RX_PER_SEC -> received(links) - received(before.links);
            case NVML_GPM_METRIC_C2C_TOTAL_TX_PER_SEC -> WITH_OVERHEAD * overC2c(sent);
            case NVML_GPM_METRIC_C2C_TOTAL_RX_PER_SEC -> WITH_OVERHEAD * overC2c(received);
            case NVML_GPM_METRIC_C2C_DATA_TX_PER_SEC -> overC2c(sent);
            case NVML_GPM_METRIC_C2C_DATA_RX_PER_SEC -> overC2c(received);
            default -> ofLink(before, metric - NVML_GPM_METRIC_NVLINK_L0_RX_PER_SEC);
        };
    }

    private double overC2c(double overPcie) throws Refusal {
        if (!c2c) {
            throw Refusal.notSupported();
        }
        return MORE_THAN_PCIE * overPcie;
    }

    /** @param metric counted from what the first link receives */
    private double ofLink(GpmSample before, int metric) throws Refusal {
        int link = metric / 2;
        if (metric < 0 || link >= links.size()) {
            throw Refusal.notSupported();
        }
        List<NvLinkState> now = links.subList(link, link + 1);
        List<NvLinkState> then = before.links.subList(link, link + 1);
        return metric % 2 == 0 ? received(now) - received(then) : transmitted(now) - transmitted(then);
    }

    private static double transmitted(List<NvLinkState> links) {
        return links.stream().mapToDouble(NvLinkState::transmitBytes).sum();
    }

    private static double received(List<NvLinkState> links) {
        return links.stream().mapToDouble(NvLinkState::receiveBytes).sum();
    }
}
