package dev.gpuexporter.metrics;

import java.util.List;

/**
 * One value of one metric.
 *
 * @param labels the values of the metric's own labels, in their order
 * @param peak where the value is the greatest of a while: how it was in parts of that while
 */
public record Sample(GpuMetric metric, List<String> labels, double value, Peak peak) {
    /** A value as it is now. */
    public Sample(GpuMetric metric, List<String> labels, double value) {
        this(metric, labels, value, Peak.NONE);
    }

    public Sample {
        if (labels.size() != metric.labels().size()) {
            throw new IllegalArgumentException(metric.name() + " has labels " + metric.labels() + ", not " + labels);
        }
    }
}
