package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.DeviceAttributes;

/** MIG mode, and the devices in it. */
interface MigCalls extends SystemCalls {
    @Override
    default int nvmlDeviceGetMigMode(Pointer device, Pointer currentMode, Pointer pendingMode) {
        return gate().onGpu("nvmlDeviceGetMigMode", device, gpu -> {
            Arguments.present(currentMode, pendingMode);
            gpu.model().require(GpuModel.Feature.MIG);
            currentMode.setInt(0, mode(gpu));
            pendingMode.setInt(0, mode(gpu));
        });
    }

    private static int mode(SimulatedGpu gpu) {
        return gpu.mig().enabled() ? 1 : 0;
    }

    /** None, rather than not supported, where there is no MIG mode or it is off. */
    @Override
    default int nvmlDeviceGetMaxMigDeviceCount(Pointer device, Pointer count) {
        return gate().u32(
                        "nvmlDeviceGetMaxMigDeviceCount",
                        device,
                        count,
                        gpu -> gpu.mig().enabled() ? MigPlan.MOST_DEVICES : 0);
    }

    @Override
    default int nvmlDeviceGetMigDeviceHandleByIndex(Pointer device, int index, Pointer migDevice) {
        return gate().onGpu("nvmlDeviceGetMigDeviceHandleByIndex", device, gpu -> {
            Arguments.present(migDevice);
            if (!gpu.mig().enabled()) {
                throw Refusal.notSupported();
            }
            if (index < 0 || index >= MigPlan.MOST_DEVICES) {
                throw Refusal.invalidArgument();
            }
            if (gpu.migDevice(index).isEmpty()) {
                throw new Refusal(NvmlReturn.NOT_FOUND);
            }
            migDevice.setPointer(0, Gate.migHandle(gpu, index));
        });
    }

    @Override
    default int nvmlDeviceGetGpuInstanceId(Pointer device, Pointer id) {
        return gate().onMig("nvmlDeviceGetGpuInstanceId", device, (gpu, mig) -> {
            Arguments.present(id);
            id.setInt(0, mig.gpuInstance());
        });
    }

    @Override
    default int nvmlDeviceGetComputeInstanceId(Pointer device, Pointer id) {
        return gate().onMig("nvmlDeviceGetComputeInstanceId", device, (gpu, mig) -> {
            Arguments.present(id);
            id.setInt(0, mig.computeInstance());
        });
    }

    @Override
    default int nvmlDeviceGetAttributes_v2(Pointer device, Pointer attributes) {
        return gate().onMig("nvmlDeviceGetAttributes_v2", device, (gpu, mig) -> {
            Arguments.present(attributes);
            MigProfile profile = mig.profile();
            DeviceAttributes.MULTIPROCESSOR_COUNT.set(attributes, mig.multiprocessors());
            DeviceAttributes.SHARED_COPY_ENGINE_COUNT.set(
                    attributes, profile.engines().copy());
            DeviceAttributes.SHARED_DECODER_COUNT.set(
                    attributes, profile.engines().decoders());
            DeviceAttributes.SHARED_ENCODER_COUNT.set(attributes, 0);
            DeviceAttributes.SHARED_JPEG_COUNT.set(attributes, profile.engines().jpeg());
            DeviceAttributes.SHARED_OFA_COUNT.set(attributes, profile.engines().ofa());
            DeviceAttributes.GPU_INSTANCE_SLICE_COUNT.set(attributes, profile.slices());
            DeviceAttributes.COMPUTE_INSTANCE_SLICE_COUNT.set(attributes, mig.slices());
            DeviceAttributes.MEMORY_SIZE_MB.set(attributes, profile.memoryBytes() >> 20);
        });
    }
}
