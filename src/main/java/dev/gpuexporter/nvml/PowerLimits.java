package dev.gpuexporter.nvml;

/** Between which watts a power limit may be set. */
public record PowerLimits(double minimumWatts, double maximumWatts) {}
