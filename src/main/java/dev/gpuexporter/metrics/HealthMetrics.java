package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.HEALTH;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.MemoryHealth.RemappedRows;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** What says that a GPU has to be reset, drained or sent back. */
final class HealthMetrics {
    private static final String ROWS = "Ampere and later";
    private static final String PAGES = "GPUs before Ampere";

    static final List<GpuMetric> ALL = List.of(
            gauge(
                            HEALTH,
                            "gpu_recovery_action",
                            "What would mend the GPU: 0 nothing needs mending, 1 reset the GPU, 2 reboot the node, 3 drain peer-to-peer traffic, 4 drain the GPU and reset it, 5 recover the IMEX domain, 6 reset the bus, 7 reboot the system.")
                    .from("NVML_FI_DEV_GET_GPU_RECOVERY_ACTION")
                    .needs("driver 570")
                    .fields(NVML_FI_DEV_GET_GPU_RECOVERY_ACTION)
                    .read((device, out) -> out.add(device.field(NVML_FI_DEV_GET_GPU_RECOVERY_ACTION))),
            gauge(
                            HEALTH,
                            "gpu_remapped_rows",
                            "Rows of device memory in whose place a spare row is used, by the errors that led to it.")
                    .labels("severity")
                    .from("NVML_FI_DEV_REMAPPED_COR, …UNC, nvmlDeviceGetRemappedRows")
                    .needs(ROWS)
                    .notWithMig()
                    .fields(NVML_FI_DEV_REMAPPED_COR, NVML_FI_DEV_REMAPPED_UNC)
                    .read((device, out) -> {
                        out.add(rows(device, NVML_FI_DEV_REMAPPED_COR, RemappedRows::correctable), "corrected");
                        out.add(rows(device, NVML_FI_DEV_REMAPPED_UNC, RemappedRows::uncorrectable), "uncorrected");
                    }),
            gauge(
                            HEALTH,
                            "gpu_row_remap_pending",
                            "Whether rows of device memory will be replaced when the GPU is next reset (1) or not (0).")
                    .from("NVML_FI_DEV_REMAPPED_PENDING, nvmlDeviceGetRemappedRows")
                    .needs(ROWS)
                    .notWithMig()
                    .fields(NVML_FI_DEV_REMAPPED_PENDING)
                    .read((device, out) ->
                            out.add(rows(device, NVML_FI_DEV_REMAPPED_PENDING, rows -> rows.pending() ? 1 : 0))),
            gauge(
                            HEALTH,
                            "gpu_row_remap_failed",
                            "Whether a row of device memory could not be replaced (1), so that the GPU itself may have to be, or none was (0).")
                    .from("NVML_FI_DEV_REMAPPED_FAILURE, nvmlDeviceGetRemappedRows")
                    .needs(ROWS)
                    .notWithMig()
                    .fields(NVML_FI_DEV_REMAPPED_FAILURE)
                    .read((device, out) ->
                            out.add(rows(device, NVML_FI_DEV_REMAPPED_FAILURE, rows -> rows.failed() ? 1 : 0))),
            gauge(
                            HEALTH,
                            "gpu_row_remap_banks",
                            "Banks of device memory by how many of their spare rows are left: all (max), some (high, partial, low) or none.")
                    .labels("availability")
                    .from("nvmlDeviceGetRowRemapperHistogram")
                    .needs(ROWS)
                    .read((device, out) -> device.memoryHealth().remapperBanks().ifPresent(banks -> {
                        out.add(banks.max(), "max");
                        out.add(banks.high(), "high");
                        out.add(banks.partial(), "partial");
                        out.add(banks.low(), "low");
                        out.add(banks.none(), "none");
                    })),
            gauge(
                            HEALTH,
                            "gpu_retired_pages",
                            "Pages of device memory that are not used any more, by the errors that led to it.")
                    .labels("cause")
                    .from("NVML_FI_DEV_RETIRED_SBE, …DBE")
                    .needs(PAGES)
                    .fields(NVML_FI_DEV_RETIRED_SBE, NVML_FI_DEV_RETIRED_DBE)
                    .read((device, out) -> {
                        out.add(device.field(NVML_FI_DEV_RETIRED_SBE), "multiple_single_bit_errors");
                        out.add(device.field(NVML_FI_DEV_RETIRED_DBE), "double_bit_error");
                    }),
            gauge(
                            HEALTH,
                            "gpu_retired_pages_pending",
                            "Whether pages of device memory will be retired when the GPU is next reset (1) or not (0).")
                    .from("NVML_FI_DEV_RETIRED_PENDING")
                    .needs(PAGES)
                    .fields(NVML_FI_DEV_RETIRED_PENDING)
                    .read((device, out) -> out.add(device.field(NVML_FI_DEV_RETIRED_PENDING))));

    private HealthMetrics() {}

    /** The field value, or what the older function says of the same. */
    private static OptionalDouble rows(NvmlDevice device, int field, ToDoubleFunction<RemappedRows> otherwise)
            throws NvmlException {
        OptionalDouble value = device.field(field);
        if (value.isPresent()) {
            return value;
        }
        Optional<RemappedRows> rows = device.memoryHealth().remappedRows();
        return rows.isPresent() ? OptionalDouble.of(otherwise.applyAsDouble(rows.get())) : OptionalDouble.empty();
    }
}
