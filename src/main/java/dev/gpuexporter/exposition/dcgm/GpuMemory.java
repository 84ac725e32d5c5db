package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Occurrences;
import dev.gpuexporter.collection.SetBack;
import dev.gpuexporter.metrics.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What has to be kept of one GPU from poll to poll; for one thread at a time. */
final class GpuMemory {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final RecentCounts<Integer> xids;
    private final RecentCounts<String> clockEvents;
    private final Rises replays = new Rises();
    private final Rises linkErrors = new Rises();
    private final LinkTraffic transmitted = new LinkTraffic();
    private final LinkTraffic received = new LinkTraffic();
    private final Map<Integer, Long> xidsBefore = new HashMap<>();
    private List<Sample> read = List.of();
    private Map<String, Double> transmitRates = Map.of();
    private Map<String, Double> receiveRates = Map.of();

    GpuMemory(Duration xidWindow, Duration clockEventWindow) {
        this.xids = new RecentCounts<>(xidWindow);
        this.clockEvents = new RecentCounts<>(clockEventWindow);
    }

    /** By how much counters have risen in the last minute; one that falls has begun anew. */
    private static final class Rises {
        private final RecentCounts<String> counts = new RecentCounts<>(MINUTE);
        private final Map<List<String>, Double> before = new HashMap<>();

        void note(List<Sample> samples, Instant now) {
            for (Sample sample : samples) {
                Double last = before.put(sample.labels(), sample.value());
                if (last != null && sample.value() > last) {
                    counts.add(now, "", Math.round(sample.value() - last));
                }
            }
        }

        void clockWas(SetBack setBack) {
            counts.clockWas(setBack);
        }

        long within(Instant now) {
            return counts.within(now).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    void clockWas(SetBack setBack) {
        xids.clockWas(setBack);
        clockEvents.clockWas(setBack);
        replays.clockWas(setBack);
        linkErrors.clockWas(setBack);
    }

    /** The GPU as it is in a new snapshot, which may have nothing new of it but its Xids. */
    Recent note(DeviceReading gpu, Instant now) {
        gpu.history().xids().forEach((xid, occurrences) -> xids.add(now, xid, more(xid, occurrences)));
        if (gpu.samples() != read) {
            read = gpu.samples();
            noteReadings(now);
        }
        return new Recent(
                transmitRates,
                receiveRates,
                xids.within(now),
                clockEvents.within(now),
                clockEvents.totals(),
                replays.within(now),
                linkErrors.within(now));
    }

    private long more(int xid, Occurrences occurrences) {
        Long before = xidsBefore.put(xid, occurrences.count());
        return occurrences.count() - (before == null ? 0 : before);
    }

    private void noteReadings(Instant now) {
        all("gpu_clock_event_active")
                .forEach(event -> clockEvents.add(now, event.labels().get(0), event.value() == 1 ? 1 : 0));
        replays.note(all("gpu_pcie_replays_total"), now);
        linkErrors.note(all("gpu_nvlink_errors_total"), now);
        transmitRates = transmitted.rates(byLink("gpu_nvlink_transmit_bytes_total"), now);
        receiveRates = received.rates(byLink("gpu_nvlink_receive_bytes_total"), now);
    }

    private List<Sample> all(String metric) {
        return read.stream()
                .filter(sample -> sample.metric().name().equals(metric))
                .toList();
    }

    /** Where the links are summed up there is no label. */
    private Map<String, Double> byLink(String metric) {
        Map<String, Double> byLink = new HashMap<>();
        all(metric).forEach(sample -> byLink.put(String.join("", sample.labels()), sample.value()));
        return byLink;
    }
}
