package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Pointer;
import dev.gpuexporter.config.Damage.Place;
import dev.gpuexporter.simulation.GpuModel.Feature;

/** Memory errors. What happens by itself is corrected and in device memory; the rest is the scenario's doing. */
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
        return gate().u64("nvmlDeviceGetTotalEccErrors", device, eccCounts, gpu -> total(gpu, errorType, counterType));
    }

    @Override
    default int nvmlDeviceGetMemoryErrorCounter(
            Pointer device, int errorType, int counterType, int locationType, Pointer count) {
        return gate().u64(
                        "nvmlDeviceGetMemoryErrorCounter",
                        device,
                        count,
                        gpu -> at(gpu, errorType, counterType, locationType));
    }

    /** On where the model has it, and not pending otherwise. */
    static int mode(GpuModel model) {
        return model.has(Feature.ECC) ? 1 : 0;
    }

    static long total(SimulatedGpu gpu, int errorType, int counterType) throws Refusal {
        boolean corrected = corrected(errorType);
        boolean life = inLife(counterType);
        return at(gpu, errorType, counterType, NVML_MEMORY_LOCATION_DRAM)
                + gpu.damage().sramErrors(corrected, life);
    }

    /** The L1 cache stands for all there is in the SMs, the register file for what has no location of its own. */
    static long at(SimulatedGpu gpu, int errorType, int counterType, int location) throws Refusal {
        gpu.model().require(Feature.ECC);
        boolean corrected = corrected(errorType);
        boolean life = inLife(counterType);
        MemoryDamage damage = gpu.damage();
        return switch (location) {
            case NVML_MEMORY_LOCATION_DRAM ->
                byItself(gpu, corrected, life) + damage.errors(corrected, life, Place.DRAM);
            case NVML_MEMORY_LOCATION_SRAM -> damage.sramErrors(corrected, life);
            case NVML_MEMORY_LOCATION_L1_CACHE,
                    NVML_MEMORY_LOCATION_L2_CACHE,
                    NVML_MEMORY_LOCATION_REGISTER_FILE,
                    NVML_MEMORY_LOCATION_TEXTURE_MEMORY -> {
                gpu.model().require(Feature.ECC_BY_LOCATION);
                yield partOfSram(damage, corrected, life, location);
            }
            case NVML_MEMORY_LOCATION_CBU -> {
                gpu.model().require(Feature.ECC_BY_LOCATION);
                if (corrected) {
                    throw Refusal.notSupported();
                }
                yield 0;
            }
            case NVML_MEMORY_LOCATION_TEXTURE_SHM -> throw Refusal.notSupported();
            default -> throw Refusal.invalidArgument();
        };
    }

    private static long partOfSram(MemoryDamage damage, boolean corrected, boolean life, int location) {
        long sm = damage.errors(corrected, life, Place.SM);
        long l2 = damage.errors(corrected, life, Place.L2);
        return switch (location) {
            case NVML_MEMORY_LOCATION_L1_CACHE -> sm;
            case NVML_MEMORY_LOCATION_L2_CACHE -> l2;
            case NVML_MEMORY_LOCATION_REGISTER_FILE -> damage.sramErrors(corrected, life) - sm - l2;
            default -> 0;
        };
    }

    private static long byItself(SimulatedGpu gpu, boolean corrected, boolean life) {
        GpuState.Counters counters = gpu.state().counters();
        return !corrected ? 0 : life ? counters.aggregateCorrected() : counters.volatileCorrected();
    }

    private static boolean inLife(int counterType) throws Refusal {
        return switch (counterType) {
            case NVML_VOLATILE_ECC -> false;
            case NVML_AGGREGATE_ECC -> true;
            default -> throw Refusal.invalidArgument();
        };
    }

    private static boolean corrected(int errorType) throws Refusal {
        return switch (errorType) {
            case NVML_MEMORY_ERROR_TYPE_CORRECTED -> true;
            case NVML_MEMORY_ERROR_TYPE_UNCORRECTED -> false;
            default -> throw Refusal.invalidArgument();
        };
    }
}
