package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlCall.*;

import dev.gpuexporter.nvml.NvmlStructs.DeviceAttributes;
import java.util.List;

/** The functions of MIG devices. */
final class NvmlMigCalls {
    private final NvmlLibrary nvml;

    NvmlMigCalls(NvmlLibrary nvml) {
        this.nvml = nvml;
    }

    List<NvmlCall> all() {
        return List.of(
                call("nvmlDeviceGetMaxMigDeviceCount", nvml::nvmlDeviceGetMaxMigDeviceCount, same(u32("count", 0), 7)),
                call(
                        "nvmlDeviceGetMigDeviceHandleByIndex",
                        (device, out) -> nvml.nvmlDeviceGetMigDeviceHandleByIndex(device, 3, out),
                        next(u64("migDevice"), 0x7_0000_0130L)),
                number("nvmlDeviceGetGpuInstanceId", nvml::nvmlDeviceGetGpuInstanceId, 3),
                number("nvmlDeviceGetComputeInstanceId", nvml::nvmlDeviceGetComputeInstanceId, 1),
                call(
                        "nvmlDeviceGetAttributes_v2",
                        nvml::nvmlDeviceGetAttributes_v2,
                        next(DeviceAttributes.MULTIPROCESSOR_COUNT, 132),
                        next(DeviceAttributes.SHARED_COPY_ENGINE_COUNT, 8),
                        next(DeviceAttributes.SHARED_DECODER_COUNT, 17),
                        next(DeviceAttributes.SHARED_ENCODER_COUNT, 27),
                        next(DeviceAttributes.SHARED_JPEG_COUNT, 37),
                        next(DeviceAttributes.SHARED_OFA_COUNT, 47),
                        next(DeviceAttributes.GPU_INSTANCE_SLICE_COUNT, 57),
                        next(DeviceAttributes.COMPUTE_INSTANCE_SLICE_COUNT, 67),
                        next(DeviceAttributes.MEMORY_SIZE_MB, 8_000_000_079L)));
    }
}
