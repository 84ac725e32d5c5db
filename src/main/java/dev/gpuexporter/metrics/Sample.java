package dev.gpuexporter.metrics;

import java.util.List;

/**
 * One value of one metric.
 *
 * @param labels the values of the metric's own labels, in their order
 */
public record Sample(GpuMetric metric, List<String> labels, double value) {
    public Sample {
        if (labels.size() != metric.labels().size()) {
            throw new IllegalArgumentException(metric.name() + " has labels " + metric.labels() + ", not " + labels);
        }
    }
}
