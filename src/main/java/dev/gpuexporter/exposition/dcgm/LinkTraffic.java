package dev.gpuexporter.exposition.dcgm;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Turns what links have carried in all into rates between two polls; for one thread at a time. */
final class LinkTraffic {
    private Map<String, Double> before = Map.of();
    private Instant at = Instant.MIN;
    private Map<String, Double> rates = Map.of();

    /**
     * Bytes per second by link. Nothing after the first poll, and nothing where one of the links has no rate: the sum
     * would be of the others.
     *
     * @param bytes by link, in all
     */
    Map<String, Double> rates(Map<String, Double> bytes, Instant now) {
        if (at.equals(now)) {
            return rates;
        }
        Map<String, Double> found = new HashMap<>();
        for (Map.Entry<String, Double> link : bytes.entrySet()) {
            Double earlier = before.get(link.getKey());
            // A clock that was set back does not tell how long it took.
            if (earlier != null && link.getValue() >= earlier && at.isBefore(now)) {
                found.put(link.getKey(), (link.getValue() - earlier) / seconds(Duration.between(at, now)));
            }
        }
        before = bytes;
        at = now;
        rates = found.size() == bytes.size() ? Map.copyOf(found) : Map.of();
        return rates;
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
