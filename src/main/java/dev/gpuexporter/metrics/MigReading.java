package dev.gpuexporter.metrics;

import dev.gpuexporter.nvml.MigDevice;
import dev.gpuexporter.nvml.NvmlException;

/** How a metric is read off a MIG device. */
@FunctionalInterface
public non-sealed interface MigReading extends Reading {
    void read(MigDevice device, Samples samples) throws NvmlException;
}
