package dev.gpuexporter.collection;

import dev.gpuexporter.nvml.DeviceIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one poll found on the node; never changed, swapped in whole.
 *
 * @param time when it was published
 * @param took from the poll's tick until then
 * @param nvmlProblem why no GPU can be asked; empty where they can
 * @param devices every GPU that this process has seen, by index
 */
public record Snapshot(Instant time, Duration took, Optional<String> nvmlProblem, List<DeviceReading> devices) {
    /** Before the first poll. */
    public static final Snapshot NONE =
            new Snapshot(Instant.EPOCH, Duration.ZERO, Optional.of("NVML is being opened"), List.of());

    public Snapshot {
        devices = List.copyOf(devices);
    }

    public boolean isNvmlUp() {
        return nvmlProblem.isEmpty();
    }

    /** Whether at least one GPU answered. */
    public boolean hasData() {
        return devices.stream().anyMatch(DeviceReading::isUp);
    }

    /** What is in the node, such as {@code 8 × NVIDIA H200}. */
    public String models() {
        Map<String, Long> counts = devices.stream()
                .collect(Collectors.groupingBy(
                        device -> device.identity().map(DeviceIdentity::model).orElse("GPU that does not answer"),
                        TreeMap::new,
                        Collectors.counting()));
        List<String> words = new ArrayList<>();
        counts.forEach((model, count) -> words.add(count + " × " + model));
        return words.isEmpty() ? "no GPUs" : String.join(", ", words);
    }

    /** Also where it is from the future by as much: the clock was set back, and nobody knows how old it is. */
    public boolean isOlderThan(Duration age, Instant now) {
        return Duration.between(time, now).abs().compareTo(age) > 0;
    }
}
