package dev.gpuexporter.metrics;

import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;

/** How a metric is read off a GPU. */
@FunctionalInterface
public non-sealed interface GpuReading extends Reading {
    void read(NvmlDevice device, Samples samples) throws NvmlException;
}
