package dev.gpuexporter.nvml;

import dev.gpuexporter.nvml.NvmlStructs.Bar1Memory;
import dev.gpuexporter.nvml.NvmlStructs.MemoryV1;
import dev.gpuexporter.nvml.NvmlStructs.MemoryV2;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A memory's use in bytes.
 *
 * @param reserved what the driver keeps for itself; empty where it counts as used
 */
public record MemoryUse(double total, double used, double free, OptionalDouble reserved) {
    /**
     * The memory of a GPU or a MIG device. Drivers before 510 have no second version: what they reserve is part of what
     * is used.
     */
    static Optional<MemoryUse> read(NvmlLibrary nvml, DeviceCalls calls) throws NvmlException {
        Optional<MemoryUse> memory = calls.versioned(
                "nvmlDeviceGetMemoryInfo_v2",
                MemoryV2.LAYOUT,
                2,
                nvml::nvmlDeviceGetMemoryInfo_v2,
                out -> new MemoryUse(
                        MemoryV2.TOTAL.u64(out),
                        MemoryV2.USED.u64(out),
                        MemoryV2.FREE.u64(out),
                        OptionalDouble.of(MemoryV2.RESERVED.u64(out))));
        return memory.isPresent()
                ? memory
                : calls.struct(
                        "nvmlDeviceGetMemoryInfo",
                        MemoryV1.LAYOUT,
                        nvml::nvmlDeviceGetMemoryInfo,
                        out -> new MemoryUse(
                                MemoryV1.TOTAL.u64(out),
                                MemoryV1.USED.u64(out),
                                MemoryV1.FREE.u64(out),
                                OptionalDouble.empty()));
    }

    /** The window through which the host reaches the memory of a GPU or a MIG device. */
    static Optional<MemoryUse> readBar1(NvmlLibrary nvml, DeviceCalls calls) throws NvmlException {
        return calls.struct(
                "nvmlDeviceGetBAR1MemoryInfo",
                Bar1Memory.LAYOUT,
                nvml::nvmlDeviceGetBAR1MemoryInfo,
                out -> new MemoryUse(
                        Bar1Memory.TOTAL.u64(out),
                        Bar1Memory.USED.u64(out),
                        Bar1Memory.FREE.u64(out),
                        OptionalDouble.empty()));
    }
}
