package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.collection.SetBack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts over a window that ends now, and over all of time; for one thread at a time. */
final class RecentCounts<K extends Comparable<K>> {
    private final Duration window;
    private final Deque<Count<K>> counts = new ArrayDeque<>();
    private final SortedMap<K, Long> totals = new TreeMap<>();

    RecentCounts(Duration window) {
        this.window = window;
    }

    private record Count<K>(Instant time, K key, long many) {}

    /** {@code many} may be 0: then it is known that there can be some. */
    void add(Instant time, K key, long many) {
        totals.merge(key, many, Long::sum);
        if (many > 0) {
            counts.add(new Count<>(time, key, many));
        }
    }

    void clockWas(SetBack setBack) {
        List<Count<K>> past = counts.stream()
                .map(count -> new Count<>(setBack.past(count.time()), count.key(), count.many()))
                .toList();
        counts.clear();
        counts.addAll(past);
    }

    /** Of every key that was ever added, 0 included. */
    SortedMap<K, Long> within(Instant now) {
        Instant start = now.minus(window);
        counts.removeIf(count -> !count.time().isAfter(start));
        SortedMap<K, Long> within = new TreeMap<>();
        totals.keySet().forEach(key -> within.put(key, 0L));
        counts.forEach(count -> within.merge(count.key(), count.many(), Long::sum));
        return within;
    }

    SortedMap<K, Long> totals() {
        return new TreeMap<>(totals);
    }
}
