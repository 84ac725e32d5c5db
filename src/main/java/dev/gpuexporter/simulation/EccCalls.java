package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlConstants;
import dev.gpuexporter.simulation.GpuModel.Feature;

/** Memory errors. What happens here is corrected and in device memory. */
interface EccCalls extends SystemCalls {
    @Override
    default int nvmlDeviceGetEccMode(Pointer device, Pointer current, Pointer pending) {
        return gate().u32(
                        "nvmlDeviceGetEccMode",
                        device,
                        current,
                        pending,
                        gpu -> mode(gpu.model()),
                        gpu -> mode(gpu.model()));
    }

    @Override
    default int nvmlDeviceGetTotalEccErrors(Pointer device, int errorType, int counterType, Pointer eccCounts) {
        return gate().u64(
                        "nvmlDeviceGetTotalEccErrors",
                        device,
                        eccCounts,
                        gpu -> total(gpu.model(), gpu.state().counters(), errorType, counterType));
    }

    @Override
    default int nvmlDeviceGetMemoryErrorCounter(
            Pointer device, int errorType, int counterType, int locationType, Pointer count) {
        return gate().u64(
                        "nvmlDeviceGetMemoryErrorCounter",
                        device,
                        count,
                        gpu -> at(gpu.model(), gpu.state().counters(), errorType, counterType, locationType));
    }

    /** On where the model has it, and not pending otherwise. */
    static int mode(GpuModel model) {
        return model.has(Feature.ECC) ? 1 : 0;
    }

    static long total(GpuModel model, GpuState.Counters counters, int errorType, int counterType) throws Refusal {
        model.require(Feature.ECC);
        boolean corrected = corrected(errorType);
        return switch (counterType) {
            case NvmlConstants.NVML_VOLATILE_ECC -> corrected ? counters.volatileCorrected() : 0;
            case NvmlConstants.NVML_AGGREGATE_ECC -> corrected ? counters.aggregateCorrected() : 0;
            default -> throw Refusal.invalidArgument();
        };
    }

    static long at(GpuModel model, GpuState.Counters counters, int errorType, int counterType, int location)
            throws Refusal {
        long total = total(model, counters, errorType, counterType);
        return switch (location) {
            case NvmlConstants.NVML_MEMORY_LOCATION_DRAM -> total;
            case NvmlConstants.NVML_MEMORY_LOCATION_SRAM -> 0;
            case NvmlConstants.NVML_MEMORY_LOCATION_L1_CACHE,
                    NvmlConstants.NVML_MEMORY_LOCATION_L2_CACHE,
                    NvmlConstants.NVML_MEMORY_LOCATION_REGISTER_FILE,
                    NvmlConstants.NVML_MEMORY_LOCATION_TEXTURE_MEMORY -> {
                model.require(Feature.ECC_BY_LOCATION);
                yield 0;
            }
            case NvmlConstants.NVML_MEMORY_LOCATION_CBU -> {
                model.require(Feature.ECC_BY_LOCATION);
                if (corrected(errorType)) {
                    throw Refusal.notSupported();
                }
                yield 0;
            }
            case NvmlConstants.NVML_MEMORY_LOCATION_TEXTURE_SHM -> throw Refusal.notSupported();
            default -> throw Refusal.invalidArgument();
        };
    }

    private static boolean corrected(int errorType) throws Refusal {
        return switch (errorType) {
            case NvmlConstants.NVML_MEMORY_ERROR_TYPE_CORRECTED -> true;
            case NvmlConstants.NVML_MEMORY_ERROR_TYPE_UNCORRECTED -> false;
            default -> throw Refusal.invalidArgument();
        };
    }
}
