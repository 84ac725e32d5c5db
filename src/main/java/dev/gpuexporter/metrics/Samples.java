package dev.gpuexporter.metrics;

import dev.gpuexporter.nvml.DriverSample;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** Takes the values that one metric has on one device. */
@FunctionalInterface
public interface Samples {
    /** @param labels the values of the metric's own labels, in their order */
    void add(double value, String... labels);

    // Most samples have two labels at the most; theirs need no array.

    default void add(double value) {
        add(value, new String[0]);
    }

    default void add(double value, String label) {
        add(value, new String[] {label});
    }

    default void add(double value, String first, String second) {
        add(value, new String[] {first, second});
    }

    /**
     * Adds the greatest value of a while: of what was seen since the last poll, and before, for as long as whoever
     * takes it remembers.
     *
     * @param sampled by the driver since the last poll
     * @param polled how it is now
     */
    default void addPeak(List<DriverSample> sampled, OptionalDouble polled, String... labels) {
        add(
                DoubleStream.concat(sampled.stream().mapToDouble(DriverSample::value), polled.stream())
                        .max(),
                labels);
    }

    /** Absence is no sample. */
    default void add(OptionalDouble value, String... labels) {
        if (value.isPresent()) {
            add(value.getAsDouble(), labels);
        }
    }

    default void add(OptionalDouble value) {
        if (value.isPresent()) {
            add(value.getAsDouble());
        }
    }

    default void add(OptionalDouble value, String label) {
        if (value.isPresent()) {
            add(value.getAsDouble(), label);
        }
    }

    default void add(OptionalDouble value, String first, String second) {
        if (value.isPresent()) {
            add(value.getAsDouble(), first, second);
        }
    }
}
