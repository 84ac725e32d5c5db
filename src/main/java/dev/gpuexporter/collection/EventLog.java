package dev.gpuexporter.collection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what the GPUs have told of since this process started; the watcher writes, the poller reads. */
final class EventLog {
    private final List<Integer> expectedXids;
    private final Map<String, Counts> byUuid = new HashMap<>();

    /** @param expectedXids those that are counted from 0 on, so that the first one shows as an increase */
    EventLog(List<Integer> expectedXids) {
        this.expectedXids = List.copyOf(expectedXids);
    }

    /** What one GPU has told of. */
    record Counts(SortedMap<Integer, Occurrences> xids, SortedMap<String, Occurrences> events) {
        Counts() {
            this(new TreeMap<>(), new TreeMap<>());
        }
    }

    /** A GPU tells of these types from now on. */
    synchronized void watching(String uuid, long types) {
        Counts counts = byUuid.computeIfAbsent(uuid, gpu -> new Counts());
        List<EventKind> kinds = new ArrayList<>(List.of(EventKind.values()));
        if (kinds.remove(EventKind.XID) && EventKind.XID.isIn(types)) {
            expectedXids.forEach(xid -> counts.xids.putIfAbsent(xid, Occurrences.NONE));
        }
        kinds.stream()
                .filter(kind -> kind.isIn(types))
                .forEach(kind -> counts.events.putIfAbsent(kind.word(), Occurrences.NONE));
    }

    /** Returns what was known of its kind before. */
    synchronized Occurrences note(GpuEvent event) {
        Counts counts = byUuid.computeIfAbsent(event.uuid(), gpu -> new Counts());
        return event.xid().isPresent()
                ? count(counts.xids, event.xid().getAsInt(), event)
                : count(counts.events, event.kind(), event);
    }

    private static <K> Occurrences count(Map<K, Occurrences> counts, K key, GpuEvent event) {
        Occurrences before = counts.getOrDefault(key, Occurrences.NONE);
        counts.put(key, before.next(event.time()));
        return before;
    }

    synchronized void clockWas(SetBack setBack) {
        byUuid.values().forEach(counts -> {
            counts.xids.replaceAll((xid, seen) -> seen.after(setBack));
            counts.events.replaceAll((kind, seen) -> seen.after(setBack));
        });
    }

    /** A copy. */
    synchronized Counts of(String uuid) {
        Counts counts = byUuid.getOrDefault(uuid, new Counts());
        return new Counts(new TreeMap<>(counts.xids), new TreeMap<>(counts.events));
    }
}
