package dev.gpuexporter.nvml;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.DeviceAttributes;

/**
 * What a MIG device has; all but {@code multiprocessors} and {@code computeSlices} belong to its GPU instance, which may
 * have other compute instances.
 *
 * @param computeSlices compute slices of this compute instance
 * @param gpuSlices compute slices of the GPU instance
 */
public record MigAttributes(
        int multiprocessors,
        int computeSlices,
        int gpuSlices,
        int copyEngines,
        int decoders,
        int encoders,
        int jpegEngines,
        int ofaEngines) {

    static MigAttributes of(Pointer out) {
        return new MigAttributes(
                DeviceAttributes.MULTIPROCESSOR_COUNT.s32(out),
                DeviceAttributes.COMPUTE_INSTANCE_SLICE_COUNT.s32(out),
                DeviceAttributes.GPU_INSTANCE_SLICE_COUNT.s32(out),
                DeviceAttributes.SHARED_COPY_ENGINE_COUNT.s32(out),
                DeviceAttributes.SHARED_DECODER_COUNT.s32(out),
                DeviceAttributes.SHARED_ENCODER_COUNT.s32(out),
                DeviceAttributes.SHARED_JPEG_COUNT.s32(out),
                DeviceAttributes.SHARED_OFA_COUNT.s32(out));
    }
}
