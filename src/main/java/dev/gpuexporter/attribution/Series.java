package dev.gpuexporter.attribution;

import dev.gpuexporter.metrics.GpuMetric;
import java.util.ArrayList;
import java.util.List;

/** One sample with all of its labels, as it is exposed. */
public record Series(GpuMetric metric, List<String> labelNames, List<String> labelValues, double value) {

    /** The same with more labels. */
    Series with(List<String> names, List<String> values) {
        return names.isEmpty() ? this : new Series(metric, both(labelNames, names), both(labelValues, values), value);
    }

    /** The same with another value; this one where it is the same. */
    Series with(double other) {
        return Double.compare(value, other) == 0 ? this : new Series(metric, labelNames, labelValues, other);
    }

    private static List<String> both(List<String> first, List<String> second) {
        List<String> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }
}
