package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.Bar1Memory;
import dev.gpuexporter.nvml.NvmlStructs.MemoryV1;
import dev.gpuexporter.nvml.NvmlStructs.MemoryV2;

/** A GPU's memory, bytes. */
interface MemoryCalls extends SystemCalls {
    long BAR1_OVERHEAD_BYTES = 1 << 20;
    long BAR1_PROCESS_BYTES = 2 << 20;

    /** The first version counts as used what the driver reserves. */
    @Override
    default int nvmlDeviceGetMemoryInfo(Pointer device, Pointer memory) {
        return gate().onGpu("nvmlDeviceGetMemoryInfo", device, gpu -> {
            Arguments.present(memory);
            long total = gpu.model().memory().totalBytes();
            long used = gpu.model().memory().reservedBytes() + gpu.state().usedBytes();
            MemoryV1.TOTAL.set(memory, total);
            MemoryV1.FREE.set(memory, total - used);
            MemoryV1.USED.set(memory, used);
        });
    }

    @Override
    default int nvmlDeviceGetMemoryInfo_v2(Pointer device, Pointer memory) {
        return gate().onGpu("nvmlDeviceGetMemoryInfo_v2", device, gpu -> {
            Arguments.version(memory, MemoryV2.LAYOUT.version(2));
            long total = gpu.model().memory().totalBytes();
            long reserved = gpu.model().memory().reservedBytes();
            long used = gpu.state().usedBytes();
            MemoryV2.TOTAL.set(memory, total);
            MemoryV2.RESERVED.set(memory, reserved);
            MemoryV2.FREE.set(memory, total - reserved - used);
            MemoryV2.USED.set(memory, used);
        });
    }

    @Override
    default int nvmlDeviceGetBAR1MemoryInfo(Pointer device, Pointer bar1Memory) {
        return gate().onGpu("nvmlDeviceGetBAR1MemoryInfo", device, gpu -> {
            Arguments.present(bar1Memory);
            long total = gpu.model().memory().bar1Bytes();
            long used = BAR1_OVERHEAD_BYTES
                    + BAR1_PROCESS_BYTES * gpu.state().processes().size();
            Bar1Memory.TOTAL.set(bar1Memory, total);
            Bar1Memory.FREE.set(bar1Memory, total - used);
            Bar1Memory.USED.set(bar1Memory, used);
        });
    }
}
