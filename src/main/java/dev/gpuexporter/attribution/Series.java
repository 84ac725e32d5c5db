package dev.gpuexporter.attribution;

import dev.gpuexporter.metrics.GpuMetric;
import java.util.List;

/** One sample with all of its labels, as it is exposed. */
public record Series(GpuMetric metric, List<String> labelNames, List<String> labelValues, double value) {}
