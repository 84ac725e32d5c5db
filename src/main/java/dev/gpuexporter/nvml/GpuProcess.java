package dev.gpuexporter.nvml;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A process that holds a GPU, or a part of it.
 *
 * @param pid as the host counts, also where we run in a container
 * @param memoryBytes of the GPU's memory; empty where the driver does not know
 * @param smUtilizationRatio the share of the time since the last poll in which its kernels ran, 0–1; empty where the
 *     driver does not know, as in MIG mode
 * @param memoryUtilizationRatio the share of that time in which it read or wrote the GPU's memory, 0–1
 * @param gpuInstance where it runs in MIG mode
 */
public record GpuProcess(
        long pid,
        Kind kind,
        OptionalLong memoryBytes,
        OptionalDouble smUtilizationRatio,
        OptionalDouble memoryUtilizationRatio,
        OptionalInt gpuInstance,
        OptionalInt computeInstance) {

    /** What a process has on the GPU; the driver lists one that has several in each list, we in the first of these. */
    public enum Kind {
        /** A client of the Multi-Process Service. */
        MPS,
        /** A CUDA context of its own. */
        COMPUTE,
        /** Graphics alone. */
        GRAPHICS
    }

    GpuProcess using(OptionalDouble smRatio, OptionalDouble memoryRatio) {
        return new GpuProcess(pid, kind, memoryBytes, smRatio, memoryRatio, gpuInstance, computeInstance);
    }

    /** The same for one process on one part of the GPU, whichever list it is in. */
    List<Object> place() {
        return List.of(pid, gpuInstance, computeInstance);
    }
}
