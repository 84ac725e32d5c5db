package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceHistory;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Occurrences;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.metrics.ActivityMetrics;
import dev.gpuexporter.metrics.EventMetrics;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.metrics.Xid;
import dev.gpuexporter.metrics.XidCatalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is remembered of the GPUs, as samples: they stay when a GPU is lost. */
final class HistorySeries {
    private HistorySeries() {}

    /** Of one GPU. */
    static List<Sample> of(DeviceHistory history) {
        List<Sample> samples = new ArrayList<>();
        for (Map.Entry<Integer, Occurrences> xid : history.xids().entrySet()) {
            List<String> labels = List.of(Integer.toString(xid.getKey()));
            samples.add(
                    new Sample(EventMetrics.XID_ERRORS, labels, xid.getValue().count()));
            xid.getValue()
                    .last()
                    .ifPresent(last -> samples.add(new Sample(EventMetrics.XID_LAST, labels, seconds(last))));
        }
        history.events()
                .forEach((event, occurrences) ->
                        samples.add(new Sample(EventMetrics.EVENTS_TOTAL, List.of(event), occurrences.count())));
        history.lastActive()
                .ifPresent(last -> samples.add(new Sample(ActivityMetrics.LAST_ACTIVE, List.of(), seconds(last))));
        return samples;
    }

    /** What the Xids that are counted mean, once for the node. */
    static List<Series> meanings(Snapshot snapshot) {
        Set<Integer> numbers = new TreeSet<>();
        for (DeviceReading device : snapshot.devices()) {
            numbers.addAll(device.history().xids().keySet());
        }
        return numbers.stream().map(XidCatalog::xid).map(HistorySeries::meaning).toList();
    }

    private static Series meaning(Xid xid) {
        List<String> values =
                List.of(Integer.toString(xid.number()), xid.name(), xid.action().words());
        return new Series(EventMetrics.XID_INFO, EventMetrics.XID_INFO.labels(), values, 1);
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }
}
