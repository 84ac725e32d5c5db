package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.ECC;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Memory errors that the GPU found and, mostly, corrected. */
final class EccMetrics {
    private static final Map<Integer, String> SEVERITIES = new LinkedHashMap<>();
    private static final List<Integer> SINCE_LOAD =
            List.of(NVML_FI_DEV_ECC_SBE_VOL_TOTAL, NVML_FI_DEV_ECC_DBE_VOL_TOTAL);
    private static final List<Integer> IN_LIFE = List.of(NVML_FI_DEV_ECC_SBE_AGG_TOTAL, NVML_FI_DEV_ECC_DBE_AGG_TOTAL);
    private static final Map<Integer, String> PARTS_OF_SRAM = new LinkedHashMap<>();

    static {
        SEVERITIES.put(NVML_MEMORY_ERROR_TYPE_CORRECTED, "corrected");
        SEVERITIES.put(NVML_MEMORY_ERROR_TYPE_UNCORRECTED, "uncorrected");
        PARTS_OF_SRAM.put(NVML_MEMORY_LOCATION_L1_CACHE, "l1_cache");
        PARTS_OF_SRAM.put(NVML_MEMORY_LOCATION_L2_CACHE, "l2_cache");
        PARTS_OF_SRAM.put(NVML_MEMORY_LOCATION_REGISTER_FILE, "register_file");
        PARTS_OF_SRAM.put(NVML_MEMORY_LOCATION_TEXTURE_MEMORY, "texture_memory");
        PARTS_OF_SRAM.put(NVML_MEMORY_LOCATION_TEXTURE_SHM, "texture_shared_memory");
        PARTS_OF_SRAM.put(NVML_MEMORY_LOCATION_CBU, "cbu");
    }

    static final List<GpuMetric> ALL = List.of(
            gauge(ECC, "gpu_ecc_enabled", "Whether error correction is on (1) or off (0).")
                    .from("nvmlDeviceGetEccMode")
                    .read((device, out) -> out.add(device.eccEnabled())),
            gauge(
                            ECC,
                            "gpu_ecc_enabled_after_reset",
                            "Whether error correction will be on (1) or off (0) once the GPU is reset.")
                    .from("nvmlDeviceGetEccMode")
                    .read((device, out) -> out.add(device.eccEnabledAfterReset())),
            counter(ECC, "gpu_ecc_errors_total", "Memory errors in the GPU's life, as kept in its InfoROM.")
                    .labels("severity")
                    .from("NVML_FI_DEV_ECC_…_AGG_TOTAL, nvmlDeviceGetTotalEccErrors")
                    .needs("ECC on")
                    .fields(IN_LIFE)
                    .read((device, out) -> totals(device, out, IN_LIFE, NVML_AGGREGATE_ECC)),
            counter(ECC, "gpu_ecc_volatile_errors_total", "Memory errors since the driver was loaded.")
                    .labels("severity")
                    .from("NVML_FI_DEV_ECC_…_VOL_TOTAL, nvmlDeviceGetTotalEccErrors")
                    .needs("ECC on")
                    .fields(SINCE_LOAD)
                    .read((device, out) -> totals(device, out, SINCE_LOAD, NVML_VOLATILE_ECC)),
            counter(
                            ECC,
                            "gpu_ecc_location_errors_total",
                            "Memory errors in the GPU's life, by where they were: dram, and sram or, where the driver tells them apart, its parts.")
                    .labels("severity", "location")
                    .from("nvmlDeviceGetMemoryErrorCounter")
                    .needs("ECC on")
                    .read((device, out) -> byLocation(device, out, NVML_AGGREGATE_ECC)),
            counter(
                            ECC,
                            "gpu_ecc_volatile_location_errors_total",
                            "Memory errors since the driver was loaded, by where they were: dram, and sram or, where the driver tells them apart, its parts.")
                    .labels("severity", "location")
                    .from("nvmlDeviceGetMemoryErrorCounter")
                    .needs("ECC on")
                    .read((device, out) -> byLocation(device, out, NVML_VOLATILE_ECC)));

    private EccMetrics() {}

    /** @param fields those that count the same as {@code counter}, in the order of the severities */
    private static void totals(NvmlDevice device, Samples out, List<Integer> fields, int counter) throws NvmlException {
        for (Map.Entry<Integer, String> severity : SEVERITIES.entrySet()) {
            int type = severity.getKey();
            OptionalDouble field = device.field(fields.get(type));
            out.add(field.isPresent() ? field : device.eccErrors(type, counter), severity.getValue());
        }
    }

    /** Where the driver counts all SRAM together its parts, which would count twice, are not asked for. */
    private static void byLocation(NvmlDevice device, Samples out, int counter) throws NvmlException {
        for (Map.Entry<Integer, String> severity : SEVERITIES.entrySet()) {
            int type = severity.getKey();
            String name = severity.getValue();
            out.add(device.eccErrors(type, counter, NVML_MEMORY_LOCATION_DRAM), name, "dram");
            OptionalDouble sram = device.eccErrors(type, counter, NVML_MEMORY_LOCATION_SRAM);
            if (sram.isPresent()) {
                out.add(sram, name, "sram");
                continue;
            }
            for (Map.Entry<Integer, String> part : PARTS_OF_SRAM.entrySet()) {
                out.add(device.eccErrors(type, counter, part.getKey()), name, part.getValue());
            }
        }
    }
}
