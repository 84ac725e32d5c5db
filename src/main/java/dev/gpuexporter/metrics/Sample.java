package dev.gpuexporter.metrics;

import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

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

    /** As it was from then on: a peak of before is left out, and so is one that has no value since. */
    public OptionalDouble since(Instant start) {
        return peak.falling().isEmpty() ? OptionalDouble.of(value) : peak.since(start);
    }

    public Sample {
        if (labels.size() != metric.labels().size()) {
            throw new IllegalArgumentException(metric.name() + " has labels " + metric.labels() + ", not " + labels);
        }
    }
}
