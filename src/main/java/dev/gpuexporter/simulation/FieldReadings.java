package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.*;
import static dev.gpuexporter.simulation.FieldIds.*;

import dev.gpuexporter.simulation.GpuModel.Feature;
import dev.gpuexporter.simulation.GpuModel.Thresholds;

/** What one GPU answers to the fields of {@code nvmlDeviceGetFieldValues}, all as of one moment. */
final class FieldReadings {
    /** No driver knows ids from here on. */
    private static final int BEYOND_ALL_FIELDS = 400;

    private final SimulatedGpu gpu;
    private final GpuModel model;
    private final GpuState state;
    private final ThrottleTimeFields throttleTimes;
    private final EccFields ecc;
    private final NvLinkFields nvLinks;

    FieldReadings(SimulatedGpu gpu, ThrottleTimeFields throttleTimes) {
        this.gpu = gpu;
        this.model = gpu.model();
        this.state = gpu.state();
        this.throttleTimes = throttleTimes;
        this.ecc = new EccFields(gpu);
        this.nvLinks = new NvLinkFields(model, state);
    }

    FieldReading read(int field, int scope) throws Refusal {
        if (field <= 0 || field >= BEYOND_ALL_FIELDS) {
            throw Refusal.invalidArgument();
        }
        if (gpu.mig().enabled() && PartedGpu.isSilentTo(field)) {
            throw Refusal.notSupported();
        }
        if (field <= NVML_FI_DEV_ECC_DBE_AGG_CBU) {
            return ecc.read(field);
        }
        if (throttleTimes.has(field)) {
            return FieldReading.u64(throttleTimes.nanos(field, state.counters()));
        }
        if (field >= NVML_FI_DEV_POWER_AVERAGE && field <= NVML_FI_DEV_POWER_REQUESTED_LIMIT) {
            return new PowerFields(gpu, state, scope).read(field);
        }
        if (NvLinkFields.has(field)) {
            return nvLinks.read(field, scope);
        }
        return switch (field) {
            case NVML_FI_DEV_RETIRED_SBE,
                    NVML_FI_DEV_RETIRED_DBE,
                    NVML_FI_DEV_RETIRED_PENDING,
                    NVML_FI_DEV_RETIRED_PENDING_SBE,
                    NVML_FI_DEV_RETIRED_PENDING_DBE -> wornMemory(Feature.RETIRED_PAGES, field);
            case NVML_FI_DEV_REMAPPED_COR,
                    NVML_FI_DEV_REMAPPED_UNC,
                    NVML_FI_DEV_REMAPPED_PENDING,
                    NVML_FI_DEV_REMAPPED_FAILURE -> wornMemory(Feature.REMAPPED_ROWS, field);
            case NVML_FI_DEV_MEMORY_TEMP -> memoryTemperature();
            case NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION ->
                FieldReading.u64((long) state.counters().energyMillijoules());
            case NVML_FI_DEV_GET_GPU_RECOVERY_ACTION -> FieldReading.u32(gpu.recoveryAction());
            case NVML_FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT,
                    NVML_FI_DEV_TEMPERATURE_SLOWDOWN_TLIMIT,
                    NVML_FI_DEV_TEMPERATURE_MEM_MAX_TLIMIT,
                    NVML_FI_DEV_TEMPERATURE_GPU_MAX_TLIMIT -> limitOffset(field);
            default -> new PcieFields(model, state.counters().pcie()).read(field);
        };
    }

    private FieldReading wornMemory(Feature feature, int field) throws Refusal {
        model.require(feature);
        MemoryDamage damage = gpu.damage();
        return FieldReading.u32(
                switch (field) {
                    case NVML_FI_DEV_RETIRED_SBE, NVML_FI_DEV_REMAPPED_COR -> damage.rowsForCorrectable();
                    case NVML_FI_DEV_RETIRED_DBE, NVML_FI_DEV_REMAPPED_UNC -> damage.rowsForUncorrectable();
                    case NVML_FI_DEV_RETIRED_PENDING_SBE -> 0;
                    case NVML_FI_DEV_REMAPPED_FAILURE -> damage.rowFailed() ? 1 : 0;
                    default -> damage.rowsPending() ? 1 : 0;
                });
    }

    private FieldReading memoryTemperature() throws Refusal {
        model.require(Feature.MEMORY_TEMPERATURE);
        return FieldReading.u32(Math.round(state.memoryTemperatureCelsius()));
    }

    private FieldReading limitOffset(int field) throws Refusal {
        Thresholds thresholds = model.thermal().thresholds();
        if (thresholds.limit().isEmpty()) {
            throw Refusal.notSupported();
        }
        return FieldReading.s32(
                switch (field) {
                    case NVML_FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT -> thresholds.shutdown();
                    case NVML_FI_DEV_TEMPERATURE_SLOWDOWN_TLIMIT -> thresholds.slowdown();
                    case NVML_FI_DEV_TEMPERATURE_MEM_MAX_TLIMIT ->
                        thresholds.memoryMax().orElseThrow(Refusal::notSupported);
                    default -> thresholds.gpuMax();
                });
    }
}
