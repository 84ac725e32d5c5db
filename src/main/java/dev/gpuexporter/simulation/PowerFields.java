package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_POWER_INSTANT;
import static dev.gpuexporter.simulation.FieldIds.NVML_FI_DEV_POWER_AVERAGE;
import static dev.gpuexporter.simulation.FieldIds.NVML_FI_DEV_POWER_CURRENT_LIMIT;
import static dev.gpuexporter.simulation.FieldIds.NVML_FI_DEV_POWER_DEFAULT_LIMIT;
import static dev.gpuexporter.simulation.FieldIds.NVML_FI_DEV_POWER_MAX_LIMIT;
import static dev.gpuexporter.simulation.FieldIds.NVML_FI_DEV_POWER_MIN_LIMIT;
import static dev.gpuexporter.simulation.FieldIds.NVML_FI_DEV_POWER_REQUESTED_LIMIT;

import dev.gpuexporter.simulation.GpuModel.Feature;

/** The power fields, milliwatts: of the GPU in scope 0, of its module, processor included, in scope 1. */
final class PowerFields {
    private static final int SCOPE_GPU = 0;
    private static final int SCOPE_MODULE = 1;
    private static final double MODULE_LIMIT_WATTS = 2500;
    private static final double MODULE_LEAST_LIMIT_WATTS = 500;
    private static final int GPUS_A_MODULE = 2;

    /** Not recorded anywhere: two GPUs at their limits and the processor make the module's limit. */
    private static final double PROCESSOR_WATTS = 100;

    private final SimulatedGpu gpu;
    private final GpuState state;
    private final int scope;

    PowerFields(SimulatedGpu gpu, GpuState state, int scope) {
        this.gpu = gpu;
        this.state = state;
        this.scope = scope;
    }

    FieldReading read(int field) throws Refusal {
        double watts =
                switch (scope) {
                    case SCOPE_GPU -> gpuWatts(field);
                    case SCOPE_MODULE -> moduleWatts(field);
                    default -> throw Refusal.invalidArgument();
                };
        return FieldReading.u32(PowerCalls.milli(watts));
    }

    private double gpuWatts(int field) throws Refusal {
        GpuModel.Power power = gpu.model().power();
        return switch (field) {
            case NVML_FI_DEV_POWER_AVERAGE -> {
                gpu.model().require(Feature.POWER_AVERAGE);
                yield state.averagePowerWatts();
            }
            case NVML_FI_DEV_POWER_INSTANT -> state.powerWatts();
            case NVML_FI_DEV_POWER_MIN_LIMIT -> power.minLimit();
            case NVML_FI_DEV_POWER_MAX_LIMIT -> power.maxLimit();
            case NVML_FI_DEV_POWER_DEFAULT_LIMIT -> power.defaultLimit();
            case NVML_FI_DEV_POWER_CURRENT_LIMIT, NVML_FI_DEV_POWER_REQUESTED_LIMIT -> gpu.powerLimitWatts();
            default -> throw Refusal.notSupported();
        };
    }

    private double moduleWatts(int field) throws Refusal {
        gpu.model().require(Feature.MODULE_POWER);
        return switch (field) {
            case NVML_FI_DEV_POWER_AVERAGE -> GPUS_A_MODULE * state.averagePowerWatts() + PROCESSOR_WATTS;
            case NVML_FI_DEV_POWER_INSTANT -> GPUS_A_MODULE * state.powerWatts() + PROCESSOR_WATTS;
            case NVML_FI_DEV_POWER_MIN_LIMIT -> MODULE_LEAST_LIMIT_WATTS;
            case NVML_FI_DEV_POWER_MAX_LIMIT,
                    NVML_FI_DEV_POWER_DEFAULT_LIMIT,
                    NVML_FI_DEV_POWER_CURRENT_LIMIT,
                    NVML_FI_DEV_POWER_REQUESTED_LIMIT -> MODULE_LIMIT_WATTS;
            default -> throw Refusal.notSupported();
        };
    }
}
