package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Peak;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.DriverSample;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** One GPU's rolling windows, from poll to poll; no scrape resets them. */
final class Peaks {
    private final Duration window;
    private final InstantSource clock;

    /** By the values of its labels. */
    private final Map<GpuMetric, Map<List<String>, PeakWindow>> windows = new HashMap<>();

    Peaks(Duration window, InstantSource clock) {
        this.window = window;
        this.clock = clock;
    }

    /** What the metric's window holds with these; empty where that is nothing. */
    Optional<Sample> with(GpuMetric metric, List<String> labels, List<DriverSample> sampled, OptionalDouble polled) {
        PeakWindow values = windows.computeIfAbsent(metric, any -> new HashMap<>())
                .computeIfAbsent(labels, any -> new PeakWindow(window));
        Instant now = clock.instant();
        List<DriverSample> seen = new ArrayList<>(sampled);
        polled.ifPresent(value -> seen.add(new DriverSample(now, value)));
        seen.removeIf(sample -> !metric.canBe(sample.value()));
        Peak peak = values.with(seen, now);
        return peak.falling().stream()
                .findFirst()
                .map(greatest -> new Sample(metric, Optional.empty(), labels, greatest.value(), peak));
    }
}
