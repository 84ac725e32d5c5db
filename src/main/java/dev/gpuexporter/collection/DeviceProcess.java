package dev.gpuexporter.collection;

import dev.gpuexporter.nvml.GpuProcess;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A process on a GPU, or on a part of it.
 *
 * @param pid as the host counts
 * @param memoryBytes of the GPU's memory; empty where the driver does not know
 * @param smUtilizationRatio the share of the time since the last poll in which its kernels ran, 0–1; empty where the
 *     driver does not know, as in MIG mode
 * @param gpuInstance where it runs in MIG mode
 */
public record DeviceProcess(
        long pid,
        OptionalLong memoryBytes,
        OptionalDouble smUtilizationRatio,
        OptionalInt gpuInstance,
        OptionalInt computeInstance) {
    static DeviceProcess of(GpuProcess process) {
        return new DeviceProcess(
                process.pid(),
                process.memoryBytes(),
                process.smUtilizationRatio(),
                process.gpuInstance(),
                process.computeInstance());
    }
}
