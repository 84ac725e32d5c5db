package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.C2cModeInfo;
import dev.gpuexporter.nvml.NvmlStructs.PlatformInfo;
import dev.gpuexporter.simulation.GpuModel.Feature;

/** The board, the rack, and how an operator has set the GPU up. */
interface PlatformCalls extends SystemCalls {
    int GPUS_A_TRAY = 4;

    @Override
    default int nvmlDeviceGetBoardPartNumber(Pointer device, Pointer partNumber, int length) {
        return gate().text("nvmlDeviceGetBoardPartNumber", device, partNumber, length, gpu -> {
            if (gpu.model().board().part().isEmpty()) {
                throw Refusal.notSupported();
            }
            return gpu.model().board().part();
        });
    }

    /** On, as the driver's daemon sets it. */
    @Override
    default int nvmlDeviceGetPersistenceMode(Pointer device, Pointer mode) {
        return gate().u32("nvmlDeviceGetPersistenceMode", device, mode, gpu -> 1);
    }

    /** Any number of processes. */
    @Override
    default int nvmlDeviceGetComputeMode(Pointer device, Pointer mode) {
        return gate().u32("nvmlDeviceGetComputeMode", device, mode, gpu -> 0);
    }

    @Override
    default int nvmlDeviceGetC2cModeInfoV(Pointer device, Pointer c2cModeInfo) {
        return gate().onGpu("nvmlDeviceGetC2cModeInfoV", device, gpu -> {
            Arguments.present(c2cModeInfo);
            gpu.model().require(Feature.C2C);
            C2cModeInfo.IS_C2C_ENABLED.set(c2cModeInfo, gpu.model().has(Feature.C2C_IN_USE) ? 1 : 0);
        });
    }

    /** Nobody recorded a rack: this one has its eleventh slot filled, four GPUs a tray and a host for each. */
    @Override
    default int nvmlDeviceGetPlatformInfo(Pointer device, Pointer platformInfo) {
        return gate().onGpu("nvmlDeviceGetPlatformInfo", device, gpu -> {
            Arguments.version(platformInfo, PlatformInfo.LAYOUT.version(2));
            gpu.model().require(Feature.RACK);
            PlatformInfo.CHASSIS_SERIAL_NUMBER.set(
                    platformInfo,
                    "1820124%06d".formatted(gate().node().scenario().seed() % 1_000_000));
            PlatformInfo.SLOT_NUMBER.set(platformInfo, 11);
            PlatformInfo.TRAY_INDEX.set(platformInfo, 5L + gpu.index() / GPUS_A_TRAY);
            PlatformInfo.HOST_ID.set(platformInfo, 2);
            PlatformInfo.PEER_TYPE.set(platformInfo, 1);
            PlatformInfo.MODULE_ID.set(platformInfo, 1L + gpu.index() % GPUS_A_TRAY);
        });
    }
}
