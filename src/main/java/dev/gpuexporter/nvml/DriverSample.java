package dev.gpuexporter.nvml;

import java.time.Instant;

/** A value, and when it was so. */
public record DriverSample(Instant time, double value) {}
