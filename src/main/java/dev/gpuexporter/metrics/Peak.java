package dev.gpuexporter.metrics;

import dev.gpuexporter.nvml.DriverSample;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The greatest value of a while, and what it would be for any later beginning of that while.
 *
 * @param falling oldest first; each later one is smaller than all before it
 */
public record Peak(List<DriverSample> falling) {
    /** Of a metric that is no peak. */
    static final Peak NONE = new Peak(List.of());

    public Peak {
        falling = List.copyOf(falling);
    }

    // By hand: what the compiler makes for a record is put together anew at each start, and slow.

    @Override
    public boolean equals(Object other) {
        return other instanceof Peak peak && falling.equals(peak.falling);
    }

    @Override
    public int hashCode() {
        return falling.hashCode();
    }

    /** The greatest value from then on; empty where there was none. */
    public OptionalDouble since(Instant start) {
        return falling.stream()
                .filter(sample -> !sample.time().isBefore(start))
                .mapToDouble(DriverSample::value)
                .findFirst();
    }
}
