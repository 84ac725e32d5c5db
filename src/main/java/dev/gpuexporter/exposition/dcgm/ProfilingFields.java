package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.gauge;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.decimal;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.whole;

import dev.gpuexporter.metrics.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a GPU's units do, by its own performance counters (GPM), on Hopper and later. */
final class ProfilingFields {
    private static final int LINKS = 18;

    private static final List<DcgmField> UNITS = List.of(
            ratio(
                    1001,
                    "GR_ENGINE_ACTIVE",
                    "Time in which compute or graphics work was there",
                    "graphics_engine_active"),
            ratio(1002, "SM_ACTIVE", "Time in which the multiprocessors had work", "sm_active"),
            ratio(1003, "SM_OCCUPANCY", "Warps on the multiprocessors, of the most there can be", "sm_occupancy"),
            ratio(1004, "PIPE_TENSOR_ACTIVE", "Time in which the tensor cores worked", "tensor_active"),
            ratio(1005, "DRAM_ACTIVE", "Bandwidth of the device memory that was used", "dram_active"),
            ratio(1006, "PIPE_FP64_ACTIVE", "Time in which the FP64 units worked", "fp64_active"),
            ratio(1007, "PIPE_FP32_ACTIVE", "Time in which the FP32 units worked", "fp32_active"),
            ratio(1008, "PIPE_FP16_ACTIVE", "Time in which the FP16 units worked", "fp16_active"),
            rate(1009, "PCIE_TX_BYTES", "What the GPU sends over PCIe", "gpu_pcie_transmit_bytes_per_second"),
            rate(1010, "PCIE_RX_BYTES", "What the GPU receives over PCIe", "gpu_pcie_receive_bytes_per_second"),
            rate(1011, "NVLINK_TX_BYTES", "What the GPU sends over NVLink", "gpu_nvlink_transmit_bytes_per_second"),
            rate(1012, "NVLINK_RX_BYTES", "What the GPU receives over NVLink", "gpu_nvlink_receive_bytes_per_second"),
            ratio(1013, "PIPE_TENSOR_IMMA_ACTIVE", "Time of integer tensor operations", "tensor_pipe_active", "imma"),
            ratio(1014, "PIPE_TENSOR_HMMA_ACTIVE", "Time of half tensor operations", "tensor_pipe_active", "hmma"),
            ratio(1015, "PIPE_TENSOR_DFMA_ACTIVE", "Time of FP64 tensor operations", "tensor_pipe_active", "dfma"),
            ratio(1016, "PIPE_INT_ACTIVE", "Time in which the integer units worked", "integer_active"),
            c2c(1076, "C2C_TX_ALL_BYTES", "What the GPU sends chip to chip", "gpu_c2c_transmit_bytes_per_second"),
            c2c(
                    1077,
                    "C2C_TX_DATA_BYTES",
                    "Of what the GPU sends chip to chip the data",
                    "gpu_c2c_transmit_data_bytes_per_second"),
            c2c(1078, "C2C_RX_ALL_BYTES", "What the GPU receives chip to chip", "gpu_c2c_receive_bytes_per_second"),
            c2c(
                    1079,
                    "C2C_RX_DATA_BYTES",
                    "Of what the GPU receives chip to chip the data",
                    "gpu_c2c_receive_data_bytes_per_second"));

    static final List<DcgmField> ALL = Stream.of(
                    UNITS,
                    engines(1017, "NVDEC", 8, "video decoder", "decoder_active"),
                    engines(1025, "NVJPG", 8, "JPEG engine", "jpeg_active"),
                    engines(1033, "NVOFA", 2, "optical flow engine", "ofa_active"),
                    links())
            .flatMap(List::stream)
            .toList();

    private ProfilingFields() {}

    private static DcgmField ratio(int number, String name, String help, String stem, String... labels) {
        return gauge(
                number,
                "DCGM_FI_PROF_" + name,
                help + ", 0 to 1.",
                decimal(entity -> entity.own(stem + "_ratio", labels)));
    }

    private static List<DcgmField> engines(int first, String name, int count, String inWords, String stem) {
        return IntStream.range(0, count)
                .mapToObj(i -> ratio(
                                first + i,
                                name + i + "_ACTIVE",
                                "Time in which " + inWords + " " + i + " worked",
                                stem,
                                Integer.toString(i))
                        .needs(Group.ENGINES))
                .toList();
    }

    private static List<DcgmField> links() {
        List<DcgmField> fields = new ArrayList<>();
        for (int i = 0; i < LINKS; i++) {
            String link = Integer.toString(i);
            fields.add(rate(
                            1040 + 2 * i,
                            "NVLINK_L" + i + "_TX_BYTES",
                            "What the GPU sends over NVLink " + i,
                            "gpu_nvlink_link_transmit_bytes_per_second",
                            link)
                    .needs(Group.LINK_DETAILS));
            fields.add(rate(
                            1041 + 2 * i,
                            "NVLINK_L" + i + "_RX_BYTES",
                            "What the GPU receives over NVLink " + i,
                            "gpu_nvlink_link_receive_bytes_per_second",
                            link)
                    .needs(Group.LINK_DETAILS));
        }
        return fields;
    }

    private static DcgmField c2c(int number, String name, String help, String metric) {
        return rate(number, name, help, metric).needs(Group.LINK_DETAILS);
    }

    private static DcgmField rate(int number, String name, String help, String metric, String... labels) {
        return gauge(
                number,
                "DCGM_FI_PROF_" + name,
                help + " (in bytes per second).",
                whole(entity -> entity.value(metric, labels)));
    }
}
