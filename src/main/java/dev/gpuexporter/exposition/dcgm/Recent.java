package dev.gpuexporter.exposition.dcgm;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the last polls say of one GPU together.
 *
 * @param transmitted what it sent between the last two polls, in bytes per second by link; one without a number is the
 *     sum of all; empty where nobody knows
 * @param received the same of what it received
 * @param xids how often each has come within the window
 * @param clockEvents in how many polls within the window each held the clocks, by the exporter's own word for it
 * @param clockEventTotals in how many polls of all
 * @param replays packets that were sent again over PCIe in the last minute
 * @param linkErrors on NVLinks in the last minute
 */
record Recent(
        Map<String, Double> transmitted,
        Map<String, Double> received,
        SortedMap<Integer, Long> xids,
        SortedMap<String, Long> clockEvents,
        SortedMap<String, Long> clockEventTotals,
        long replays,
        long linkErrors) {
    static final Recent NONE = new Recent(Map.of(), Map.of(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), 0, 0);
}
