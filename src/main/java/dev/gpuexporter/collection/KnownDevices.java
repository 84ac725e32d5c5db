package dev.gpuexporter.collection;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Every GPU that this process has seen: how it is, and what is remembered of it. For the poller's thread alone. */
final class KnownDevices {
    private final TreeMap<Integer, DeviceHealth> byIndex = new TreeMap<>();
    private final Map<String, DeviceReading> departed = new TreeMap<>();
    private final Activity activity;
    private final Optional<EventWatcher> events;

    KnownDevices(Activity activity, Optional<EventWatcher> events) {
        this.activity = activity;
        this.events = events;
    }

    DeviceHealth health(int index) {
        return byIndex.computeIfAbsent(index, DeviceHealth::new);
    }

    /** A GPU answered just now. */
    void answered(DeviceReading reading, Instant now) {
        activity.note(reading, now);
        DeviceReading before = health(reading.index()).answered(reading, now);
        if (!before.uuid().isEmpty() && !before.uuid().equals(reading.uuid())) {
            departed.put(before.uuid(), before.down("another GPU answers under its index"));
        }
    }

    void clockWas(SetBack setBack) {
        byIndex.values().forEach(device -> device.clockWas(setBack));
        activity.clockWas(setBack);
        events.ifPresent(watcher -> watcher.clockWas(setBack));
    }

    /** Nobody can ask any GPU. */
    void outOfReach(String why) {
        byIndex.values().forEach(device -> device.outOfReach(why));
    }

    /** Every GPU there is, and those that were: another may answer under an index after the driver was loaded again. */
    List<DeviceReading> readings() {
        List<DeviceReading> present =
                byIndex.values().stream().map(DeviceHealth::last).toList();
        present.forEach(device -> departed.remove(device.uuid()));
        return Stream.concat(departed.values().stream(), present.stream())
                .sorted((one, other) -> Integer.compare(one.index(), other.index()))
                .map(device -> device.with(history(device.uuid())))
                .toList();
    }

    private DeviceHistory history(String uuid) {
        Activity.Times times = activity.of(uuid);
        EventLog.Counts counts = events.map(watcher -> watcher.counts(uuid)).orElseGet(EventLog.Counts::new);
        return new DeviceHistory(counts.xids(), counts.events(), times.since(), times.lastUp(), times.lastActive());
    }
}
