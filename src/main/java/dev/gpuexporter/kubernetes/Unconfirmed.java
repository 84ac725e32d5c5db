package dev.gpuexporter.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What was so before the kubelet restarted and is taken to be so still, until it is heard of again or its time is up. */
final class Unconfirmed<T> {
    private final Map<T, Instant> until = new LinkedHashMap<>();

    /** Adds what is not there yet. What is keeps its time: a kubelet that restarts for ever proves nothing. */
    void add(Collection<T> things, Instant end) {
        things.forEach(thing -> until.putIfAbsent(thing, end));
    }

    void removeIf(Predicate<T> heardOf) {
        until.keySet().removeIf(heardOf);
    }

    /**
     * What has time left, the longest known first.
     *
     * @param most that anything may have left: more is a clock that was set back
     */
    List<T> at(Instant now, Duration most) {
        until.replaceAll((thing, end) -> end.isAfter(now.plus(most)) ? now.plus(most) : end);
        until.values().removeIf(end -> !now.isBefore(end));
        return List.copyOf(until.keySet());
    }

    void clear() {
        until.clear();
    }
}
