package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.SetBack;
import dev.gpuexporter.collection.Snapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Follows the GPUs from snapshot to snapshot, whether anybody scrapes or not. */
final class NodeMemory {
    private final Duration xidWindow;
    private final Duration clockEventWindow;
    private final Map<String, GpuMemory> byUuid = new HashMap<>();
    private Snapshot newest = Snapshot.NONE;
    private Map<String, Recent> recent = Map.of();

    NodeMemory(Duration xidWindow, Duration clockEventWindow) {
        this.xidWindow = xidWindow;
        this.clockEventWindow = clockEventWindow;
    }

    /** To be told of each snapshot in their order, and not harmed by being told twice. */
    synchronized void note(Snapshot snapshot) {
        if (snapshot == newest) {
            return;
        }
        SetBack.between(newest, snapshot).ifPresent(setBack -> byUuid.values().forEach(gpu -> gpu.clockWas(setBack)));
        newest = snapshot;
        Map<String, Recent> found = new HashMap<>();
        for (DeviceReading gpu : snapshot.devices()) {
            found.put(
                    gpu.uuid(),
                    byUuid.computeIfAbsent(gpu.uuid(), uuid -> new GpuMemory(xidWindow, clockEventWindow))
                            .note(gpu, snapshot.time()));
        }
        recent = found;
    }

    /** What is known by the newest of them, by the GPUs' UUIDs. */
    synchronized Map<String, Recent> recent() {
        return recent;
    }
}
