package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.LINK_DETAILS;
import static dev.gpuexporter.metrics.Group.PROFILING;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How busy a GPU's units are, by its own performance counters; of a GPU and, in MIG mode, of each GPU instance. */
final class ProfilingMetrics {
    private static final String GPU = "GPU";
    private static final String GPU_INSTANCE = "GPU instance";
    private static final String SOURCE = "nvmlGpmMetricsGet";
    private static final String NEEDS = "Hopper and later; driver 520";
    private static final String MIG_NEEDS = "Hopper and later; driver 525";
    private static final Map<Integer, String> TENSOR_PIPES = new LinkedHashMap<>();

    static {
        TENSOR_PIPES.put(NVML_GPM_METRIC_DFMA_TENSOR_UTIL, "dfma");
        TENSOR_PIPES.put(NVML_GPM_METRIC_DMMA_TENSOR_UTIL, "dmma");
        TENSOR_PIPES.put(NVML_GPM_METRIC_HMMA_TENSOR_UTIL, "hmma");
        TENSOR_PIPES.put(NVML_GPM_METRIC_IMMA_TENSOR_UTIL, "imma");
    }

    /** A share of what there is, between two polls; {@code help} has a place for what it is said of. */
    private record Ratio(String name, int metric, String help) {}

    private static final List<Ratio> RATIOS = List.of(
            new Ratio(
                    "graphics_engine_active_ratio",
                    NVML_GPM_METRIC_GRAPHICS_UTIL,
                    "Share of time since the last poll in which compute or graphics work was on the %s."),
            new Ratio(
                    "sm_active_ratio",
                    NVML_GPM_METRIC_SM_UTIL,
                    "Share of time since the last poll in which the multiprocessors of the %s had work, on average over them."),
            new Ratio(
                    "sm_occupancy_ratio",
                    NVML_GPM_METRIC_SM_OCCUPANCY,
                    "Warps resident on the multiprocessors of the %s since the last poll, as a share of the most there can be."),
            new Ratio(
                    "tensor_active_ratio",
                    NVML_GPM_METRIC_ANY_TENSOR_UTIL,
                    "Share of time since the last poll in which the tensor cores of the %s worked, whatever the operation."),
            new Ratio(
                    "fp64_active_ratio",
                    NVML_GPM_METRIC_FP64_UTIL,
                    "Share of time since the last poll in which the FP64 units of the %s worked, tensor cores aside."),
            new Ratio(
                    "fp32_active_ratio",
                    NVML_GPM_METRIC_FP32_UTIL,
                    "Share of time since the last poll in which the FP32 units of the %s worked, tensor cores aside."),
            new Ratio(
                    "fp16_active_ratio",
                    NVML_GPM_METRIC_FP16_UTIL,
                    "Share of time since the last poll in which the FP16 units of the %s worked, tensor cores aside."),
            new Ratio(
                    "integer_active_ratio",
                    NVML_GPM_METRIC_INTEGER_UTIL,
                    "Share of time since the last poll in which the integer units of the %s worked."),
            new Ratio(
                    "dram_active_ratio",
                    NVML_GPM_METRIC_DRAM_BW_UTIL,
                    "Share of the memory bandwidth of the %s that was used since the last poll."));
    private static final String PIPES_NAME = "tensor_pipe_active_ratio";
    private static final String PIPES_HELP =
            "Share of time since the last poll in which the tensor cores of the %s did one kind of operation: FP64 (dfma, dmma), floating point of half precision and the like (hmma), integer (imma).";

    static final List<GpuMetric> ALL = Stream.of(
                    RATIOS.stream().map(ProfilingMetrics::ofGpu), Stream.of(pipes()), rates())
            .flatMap(metrics -> metrics)
            .toList();

    static final List<GpuMetric> OF_GPU_INSTANCES = Stream.concat(
                    RATIOS.stream().map(ProfilingMetrics::ofGpuInstance), Stream.of(migPipes()))
            .toList();

    private ProfilingMetrics() {}

    private static GpuMetric ofGpu(Ratio ratio) {
        return gauge(PROFILING, "gpu_" + ratio.name(), ratio.help().formatted(GPU))
                .withOwner()
                .from(SOURCE)
                .needs(NEEDS)
                .read((device, out) -> out.add(device.profiler().ratio(ratio.metric())));
    }

    private static GpuMetric ofGpuInstance(Ratio ratio) {
        return gauge(PROFILING, "gpu_mig_" + ratio.name(), ratio.help().formatted(GPU_INSTANCE))
                .ofGpuInstance()
                .withOwner()
                .from(SOURCE)
                .needs(MIG_NEEDS)
                .readMig((device, out) -> out.add(device.profiler().ratio(ratio.metric())));
    }

    private static GpuMetric pipes() {
        return gauge(PROFILING, "gpu_" + PIPES_NAME, PIPES_HELP.formatted(GPU))
                .labels("pipe")
                .withOwner()
                .from(SOURCE)
                .needs(NEEDS)
                .read((device, out) -> {
                    for (Map.Entry<Integer, String> pipe : TENSOR_PIPES.entrySet()) {
                        out.add(device.profiler().ratio(pipe.getKey()), pipe.getValue());
                    }
                });
    }

    private static GpuMetric migPipes() {
        return gauge(PROFILING, "gpu_mig_" + PIPES_NAME, PIPES_HELP.formatted(GPU_INSTANCE))
                .ofGpuInstance()
                .labels("pipe")
                .withOwner()
                .from(SOURCE)
                .needs(MIG_NEEDS)
                .readMig((device, out) -> {
                    for (Map.Entry<Integer, String> pipe : TENSOR_PIPES.entrySet()) {
                        out.add(device.profiler().ratio(pipe.getKey()), pipe.getValue());
                    }
                });
    }

    private static Stream<GpuMetric> rates() {
        return Stream.of(
                rate(
                        "gpu_pcie_transmit_bytes_per_second",
                        NVML_GPM_METRIC_PCIE_TX_PER_SEC,
                        "Data that the GPU sent over PCIe, a second since the last poll."),
                rate(
                        "gpu_pcie_receive_bytes_per_second",
                        NVML_GPM_METRIC_PCIE_RX_PER_SEC,
                        "Data that the GPU received over PCIe, a second since the last poll."),
                rate(
                        "gpu_nvlink_transmit_bytes_per_second",
                        NVML_GPM_METRIC_NVLINK_TOTAL_TX_PER_SEC,
                        "Data that the GPU sent over all of its NVLinks, a second since the last poll."),
                rate(
                        "gpu_nvlink_receive_bytes_per_second",
                        NVML_GPM_METRIC_NVLINK_TOTAL_RX_PER_SEC,
                        "Data that the GPU received over all of its NVLinks, a second since the last poll."),
                c2cRate(
                        "gpu_c2c_transmit_bytes_per_second",
                        NVML_GPM_METRIC_C2C_TOTAL_TX_PER_SEC,
                        "All that the GPU sent to the processor that it is joined to chip to chip, a second since the last poll."),
                c2cRate(
                        "gpu_c2c_receive_bytes_per_second",
                        NVML_GPM_METRIC_C2C_TOTAL_RX_PER_SEC,
                        "All that the GPU received from the processor that it is joined to chip to chip, a second since the last poll."),
                c2cRate(
                        "gpu_c2c_transmit_data_bytes_per_second",
                        NVML_GPM_METRIC_C2C_DATA_TX_PER_SEC,
                        "Of what the GPU sent chip to chip the data, a second since the last poll."),
                c2cRate(
                        "gpu_c2c_receive_data_bytes_per_second",
                        NVML_GPM_METRIC_C2C_DATA_RX_PER_SEC,
                        "Of what the GPU received chip to chip the data, a second since the last poll."));
    }

    private static GpuMetric c2cRate(String name, int metric, String help) {
        return rate(LINK_DETAILS, name, metric, help).needs("Grace superchips; driver 575");
    }

    private static GpuMetric rate(String name, int metric, String help) {
        return rate(PROFILING, name, metric, help);
    }

    private static GpuMetric rate(Group group, String name, int metric, String help) {
        return gauge(group, name, help)
                .withOwner()
                .from(SOURCE)
                .needs(NEEDS)
                .notWithMig()
                .read((device, out) -> out.add(device.profiler().bytesPerSecond(metric)));
    }
}
