package dev.gpuexporter.attribution;

import dev.gpuexporter.metrics.GpuMetric;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The names of the labels of each metric's series, the same lists for all of them. */
final class LabelNames {
    private static final List<String> OWNER = List.of("namespace", "pod", "container");

    private final Map<GpuMetric, List<String>> withoutOwner = new HashMap<>();
    private final Map<GpuMetric, List<String>> withOwner = new HashMap<>();

    List<String> of(GpuMetric metric, boolean owned) {
        return owned
                ? withOwner.computeIfAbsent(metric, owner -> joined(of(metric, false), OWNER))
                : withoutOwner.computeIfAbsent(
                        metric, nobody -> joined(metric.subject().labels(), metric.labels()));
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
