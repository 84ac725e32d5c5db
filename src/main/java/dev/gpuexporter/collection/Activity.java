package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.Sample;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Remembers when each GPU answered and when it was busy; for the poller's thread alone. */
final class Activity {
    private final boolean switchedOn;
    private final Map<String, Times> byUuid = new HashMap<>();

    /** @param switchedOn whether utilization is read at all */
    Activity(boolean switchedOn) {
        this.switchedOn = switchedOn;
    }

    /** When one GPU first and last answered, and was last busy. */
    record Times(Optional<Instant> since, Optional<Instant> lastUp, Optional<Instant> lastActive) {
        static final Times NONE = new Times(Optional.empty(), Optional.empty(), Optional.empty());

        private Times after(SetBack setBack) {
            return new Times(setBack.past(since), setBack.past(lastUp), setBack.past(lastActive));
        }
    }

    Times of(String uuid) {
        return byUuid.getOrDefault(uuid, Times.NONE);
    }

    void clockWas(SetBack setBack) {
        byUuid.replaceAll((uuid, times) -> times.after(setBack));
    }

    /** The GPU answered just now. */
    void note(DeviceReading reading, Instant now) {
        Times before = of(reading.uuid());
        boolean busy = switchedOn && isBusy(reading);
        byUuid.put(
                reading.uuid(),
                new Times(
                        before.since().or(() -> Optional.of(now)),
                        Optional.of(now),
                        busy ? Optional.of(now) : before.lastActive()));
    }

    private static boolean isBusy(DeviceReading reading) {
        List<DeviceProcess> processes = reading.processes().orElse(List.of());
        if (processes.stream().anyMatch(process -> process.smUtilizationRatio().orElse(0) > 0)) {
            return true; // also where it did nothing at the moment of the poll
        }
        OptionalDouble utilization = reading.value("gpu_utilization_ratio");
        if (utilization.isPresent()) {
            return utilization.getAsDouble() > 0;
        }
        boolean mig = reading.value("gpu_mig_enabled").orElse(0) == 1;
        OptionalDouble busiestPart = reading.samples().stream()
                .filter(sample -> sample.metric().name().equals("gpu_mig_graphics_engine_active_ratio"))
                .mapToDouble(Sample::value)
                .max();
        return mig && (busiestPart.isPresent() ? busiestPart.getAsDouble() > 0 : !processes.isEmpty());
    }
}
