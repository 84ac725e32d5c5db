package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.Peak;
import dev.gpuexporter.nvml.DriverSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The greatest value of the last minute, say. Only what may still become it is kept: values that fall from the oldest
 * to the newest. Values come in the order of their times, or nearly: one that comes late counts all the same.
 */
final class PeakWindow {
    private final Duration length;
    private final Deque<DriverSample> falling = new ArrayDeque<>();

    PeakWindow(Duration length) {
        this.length = length;
    }

    /** A value that comes twice changes nothing. */
    void add(DriverSample sample) {
        List<DriverSample> later = new ArrayList<>();
        while (!falling.isEmpty() && falling.getLast().time().isAfter(sample.time())) {
            later.add(falling.removeLast());
        }
        boolean outshone = later.stream().anyMatch(other -> other.value() >= sample.value());
        if (!outshone) {
            while (!falling.isEmpty() && falling.getLast().value() <= sample.value()) {
                falling.removeLast();
            }
            falling.addLast(sample);
        }
        for (int i = later.size() - 1; i >= 0; i--) {
            falling.addLast(later.get(i));
        }
    }

    /** The values of the window that ends now. What lies in the future is of a clock that was set back, and is gone. */
    Peak at(Instant now) {
        while (!falling.isEmpty() && falling.getLast().time().isAfter(now)) {
            falling.removeLast();
        }
        while (!falling.isEmpty() && falling.getFirst().time().isBefore(now.minus(length))) {
            falling.removeFirst();
        }
        return new Peak(List.copyOf(falling));
    }
}
