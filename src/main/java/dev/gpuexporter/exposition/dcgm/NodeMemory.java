package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Follows the GPUs from snapshot to snapshot, whether anybody scrapes or not. */
final class NodeMemory {
    private final Duration xidWindow;
    private final Duration clockEventWindow;
    private final Map<String, GpuMemory> byUuid = new HashMap<>();
    private Snapshot newest;
    private Instant at = Instant.MIN;
    private Map<String, Recent> recent = Map.of();

    NodeMemory(Duration xidWindow, Duration clockEventWindow) {
        this.xidWindow = xidWindow;
        this.clockEventWindow = clockEventWindow;
    }

    /** What is known by then, by the GPUs' UUIDs; to be told of each snapshot, and not harmed by being told twice. */
    synchronized Map<String, Recent> at(Snapshot snapshot) {
        if (snapshot != newest && !snapshot.time().isBefore(at)) {
            newest = snapshot;
            at = snapshot.time();
            Map<String, Recent> found = new HashMap<>();
            for (DeviceReading gpu : snapshot.devices()) {
                found.put(
                        gpu.uuid(),
                        byUuid.computeIfAbsent(gpu.uuid(), uuid -> new GpuMemory(xidWindow, clockEventWindow))
                                .note(gpu, at));
            }
            recent = found;
        }
        return recent;
    }
}
