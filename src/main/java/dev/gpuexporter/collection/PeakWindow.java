package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.Peak;
import dev.gpuexporter.nvml.DriverSample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
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

    /**
     * The window that ends now, with what was seen since the last time; what comes twice changes nothing. What lies in
     * the future is of a clock that was set back, and is forgotten.
     */
    Peak with(Collection<DriverSample> seen, Instant now) {
        while (!falling.isEmpty() && falling.getLast().time().isAfter(now)) {
            falling.removeLast();
        }
        for (DriverSample sample : seen) {
            if (!sample.time().isAfter(now)) {
                add(sample);
            }
        }
        while (!falling.isEmpty() && falling.getFirst().time().isBefore(now.minus(length))) {
            falling.removeFirst();
        }
        return new Peak(List.copyOf(falling));
    }

    private void add(DriverSample sample) {
        if (falling.isEmpty() || !falling.getLast().time().isAfter(sample.time())) {
            addNewest(sample);
            return;
        }
        Deque<DriverSample> later = new ArrayDeque<>();
        while (!falling.isEmpty() && falling.getLast().time().isAfter(sample.time())) {
            later.addFirst(falling.removeLast());
        }
        // Those that are later fall, too: the first of them is the greatest.
        if (later.getFirst().value() < sample.value()) {
            addNewest(sample);
        }
        while (!later.isEmpty()) {
            falling.addLast(later.removeFirst());
        }
    }

    private void addNewest(DriverSample sample) {
        while (!falling.isEmpty() && falling.getLast().value() <= sample.value()) {
            falling.removeLast();
        }
        falling.addLast(sample);
    }
}
