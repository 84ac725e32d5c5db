package dev.gpuexporter.collection;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is remembered of one GPU, whether it answers now or not.
 *
 * @param xids by number; those that matter from 0 on where the driver can tell of them
 * @param events other events by their words
 * @param since when it first answered
 * @param lastUp when it last answered
 * @param lastActive when it was last found busy; empty where it never was
 */
public record DeviceHistory(
        SortedMap<Integer, Occurrences> xids,
        SortedMap<String, Occurrences> events,
        Optional<Instant> since,
        Optional<Instant> lastUp,
        Optional<Instant> lastActive) {

    public static final DeviceHistory NONE =
            new DeviceHistory(new TreeMap<>(), new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.empty());

    /** An Xid that came by so much before a GPU was lost tells why. */
    private static final Duration CAUSE = Duration.ofMinutes(10);

    /** The newest Xid since shortly before the GPU last answered, among those that are wanted. */
    public Optional<Integer> lastXid(java.util.function.IntPredicate wanted) {
        return xids.entrySet().stream()
                .filter(xid -> wanted.test(xid.getKey()) && isRecent(xid.getValue()))
                .max(Comparator.comparing(xid -> xid.getValue().last().orElse(Instant.MIN)))
                .map(Map.Entry::getKey);
    }

    private boolean isRecent(Occurrences xid) {
        return xid.last()
                .filter(time -> lastUp.isEmpty() || !time.isBefore(lastUp.get().minus(CAUSE)))
                .isPresent();
    }
}
