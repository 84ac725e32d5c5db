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
        return gate().onEither(
                        "nvmlDeviceGetMemoryInfo",
                        device,
                        gpu -> first(memory, use(gpu)),
                        (gpu, mig) -> first(memory, use(gpu, mig)));
    }

    @Override
    default int nvmlDeviceGetMemoryInfo_v2(Pointer device, Pointer memory) {
        return gate().onEither(
                        "nvmlDeviceGetMemoryInfo_v2",
                        device,
                        gpu -> second(memory, use(gpu)),
                        (gpu, mig) -> second(memory, use(gpu, mig)));
    }

    /** Bytes; {@code used} without {@code reserved}. */
    record Use(long total, long reserved, long used) {
        long free() {
            return total - reserved - used;
        }
    }

    private static Use use(SimulatedGpu gpu) {
        GpuModel.Memory memory = gpu.model().memory();
        return new Use(memory.totalBytes(), memory.reservedBytes(), gpu.usedBytes());
    }

    /** Of its whole GPU instance, which reserves nothing. */
    private static Use use(SimulatedGpu gpu, SimulatedMig mig) {
        MigProfile profile = mig.profile();
        return new Use(
                profile.memoryBytes(), 0, profile.idleBytes() + gpu.state().usedBytes(mig.gpuInstance()));
    }

    private static void first(Pointer memory, Use use) throws Refusal {
        Arguments.present(memory);
        MemoryV1.TOTAL.set(memory, use.total());
        MemoryV1.FREE.set(memory, use.free());
        MemoryV1.USED.set(memory, use.reserved() + use.used());
    }

    private static void second(Pointer memory, Use use) throws Refusal {
        Arguments.version(memory, MemoryV2.LAYOUT.version(2));
        MemoryV2.TOTAL.set(memory, use.total());
        MemoryV2.RESERVED.set(memory, use.reserved());
        MemoryV2.FREE.set(memory, use.free());
        MemoryV2.USED.set(memory, use.used());
    }

    @Override
    default int nvmlDeviceGetBAR1MemoryInfo(Pointer device, Pointer bar1Memory) {
        return gate().onEither(
                        "nvmlDeviceGetBAR1MemoryInfo",
                        device,
                        gpu -> window(
                                bar1Memory,
                                gpu.model().memory().bar1Bytes(),
                                BAR1_OVERHEAD_BYTES
                                        + BAR1_PROCESS_BYTES
                                                * gpu.state().processes().size()),
                        (gpu, mig) -> window(
                                bar1Memory,
                                part(gpu.model().memory().bar1Bytes(), mig.profile()),
                                BAR1_PROCESS_BYTES
                                        * gpu.state()
                                                .processes(mig.gpuInstance())
                                                .size()));
    }

    /** As many eighths as it has memory slices; nvidia-smi shows one MiB less. */
    private static long part(long bar1Bytes, MigProfile profile) {
        return bar1Bytes / 8 * profile.size() - BAR1_OVERHEAD_BYTES;
    }

    private static void window(Pointer bar1Memory, long total, long used) throws Refusal {
        Arguments.present(bar1Memory);
        Bar1Memory.TOTAL.set(bar1Memory, total);
        Bar1Memory.FREE.set(bar1Memory, total - used);
        Bar1Memory.USED.set(bar1Memory, used);
    }
}
