package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.*;
import static dev.gpuexporter.simulation.FieldIds.*;

/** The fields that count memory errors: ECC mode, totals and locations. */
final class EccFields {
    private final GpuModel model;
    private final GpuState.Counters counters;

    EccFields(GpuModel model, GpuState.Counters counters) {
        this.model = model;
        this.counters = counters;
    }

    /** From id 7 on the locations follow each other, corrected and uncorrected by turns; CBU has no corrected ones. */
    FieldReading read(int field) throws Refusal {
        if (field <= NVML_FI_DEV_ECC_PENDING) {
            return FieldReading.u32(EccCalls.mode(model));
        }
        if (field <= NVML_FI_DEV_ECC_DBE_AGG_TOTAL) {
            int pair = field - NVML_FI_DEV_ECC_SBE_VOL_TOTAL;
            return FieldReading.u64(EccCalls.total(model, counters, pair % 2, pair / 2));
        }
        boolean isVolatile = field < NVML_FI_DEV_ECC_SBE_AGG_L1;
        int pair = field - (isVolatile ? NVML_FI_DEV_ECC_SBE_VOL_L1 : NVML_FI_DEV_ECC_SBE_AGG_L1);
        int counter = isVolatile ? NVML_VOLATILE_ECC : NVML_AGGREGATE_ECC;
        int location =
                switch (pair / 2) {
                    case 0 -> NVML_MEMORY_LOCATION_L1_CACHE;
                    case 1 -> NVML_MEMORY_LOCATION_L2_CACHE;
                    case 2 -> NVML_MEMORY_LOCATION_DRAM;
                    case 3 -> NVML_MEMORY_LOCATION_REGISTER_FILE;
                    case 4 -> NVML_MEMORY_LOCATION_TEXTURE_MEMORY;
                    default -> NVML_MEMORY_LOCATION_CBU;
                };
        int error = location == NVML_MEMORY_LOCATION_CBU ? NVML_MEMORY_ERROR_TYPE_UNCORRECTED : pair % 2;
        return FieldReading.u64(EccCalls.at(model, counters, error, counter, location));
    }
}
