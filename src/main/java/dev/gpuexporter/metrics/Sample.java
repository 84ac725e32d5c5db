package dev.gpuexporter.metrics;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One value of one metric.
 *
 * @param mig which MIG device of the GPU it is said of; empty where it is said of the GPU
 * @param labels the values of the metric's own labels, in their order
 * @param peak where the value is the greatest of a while: how it was in parts of that while
 */
public record Sample(GpuMetric metric, Optional<MigPart> mig, List<String> labels, double value, Peak peak) {
    public Sample {
        if (labels.size() != metric.labels().size()) {
            throw new IllegalArgumentException(metric.name() + " has labels " + metric.labels() + ", not " + labels);
        }
        if (mig.isPresent() != metric.subject().isMig()) {
            throw new IllegalArgumentException(metric.name() + " is said of another kind of device");
        }
    }

    /** Of a GPU or of the node. */
    public Sample(GpuMetric metric, List<String> labels, double value) {
        this(metric, Optional.empty(), labels, value);
    }

    /** A value as it is now. */
    public Sample(GpuMetric metric, Optional<MigPart> mig, List<String> labels, double value) {
        this(metric, mig, labels, value, Peak.NONE);
    }

    // A poll compares some dozens; what the compiler makes for a record is several times as slow before C2.

    @Override
    public boolean equals(Object other) {
        return other instanceof Sample sample
                && Double.compare(value, sample.value) == 0
                && metric.equals(sample.metric)
                && labels.equals(sample.labels)
                && mig.equals(sample.mig)
                && peak.equals(sample.peak);
    }

    @Override
    public int hashCode() {
        return Objects.hash(metric, mig, labels, value, peak);
    }

    /** As it was from then on: a peak of before is left out, and so is one that has no value since. */
    public OptionalDouble since(Instant start) {
        return peak.falling().isEmpty() ? OptionalDouble.of(value) : peak.since(start);
    }
}
