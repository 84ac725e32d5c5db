package dev.gpuexporter.metrics;

import java.util.OptionalDouble;

/** Takes the values that one metric has on one device. */
@FunctionalInterface
public interface Samples {
    /** @param labels the values of the metric's own labels, in their order */
    void add(double value, String... labels);

    /** Absence is no sample. */
    default void add(OptionalDouble value, String... labels) {
        if (value.isPresent()) {
            add(value.getAsDouble(), labels);
        }
    }
}
