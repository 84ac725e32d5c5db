package dev.gpuexporter.metrics;

/** How a metric is read off a device; which kind of device says its {@link GpuMetric.Subject}. */
public sealed interface Reading permits GpuReading, MigReading {}
