package dev.gpuexporter.metrics;

import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;

/** How a metric is read off a device. */
@FunctionalInterface
public interface Reading {
    void read(NvmlDevice device, Samples samples) throws NvmlException;
}
