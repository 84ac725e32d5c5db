package dev.gpuexporter.nvml;

import java.util.OptionalDouble;

/**
 * A memory's use in bytes.
 *
 * @param reserved what the driver keeps for itself; empty where it counts as used
 */
public record MemoryUse(double total, double used, double free, OptionalDouble reserved) {}
