package dev.gpuexporter.metrics;

import java.util.List;
import java.util.Optional;

/**
 * One value of one metric.
 *
 * @param mig which MIG device of the GPU it is said of; empty where it is said of the GPU
 * @param labels the values of the metric's own labels, in their order
 */
public record Sample(GpuMetric metric, Optional<MigPart> mig, List<String> labels, double value) {
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
}
