package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.DeviceMetrics;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.metrics.WorkloadMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes the labels of every series of the GPUs: device, then what the metric itself has, then its owner. */
public final class SeriesBuilder {
    private static final List<String> DEVICE_LABELS = List.of("gpu", "uuid");
    private static final List<String> OWNER_LABELS = List.of("namespace", "pod", "container");

    private final AttributionMode mode;
    private final Map<GpuMetric, List<String>> namesWithoutOwner = new HashMap<>();
    private final Map<GpuMetric, List<String>> namesWithOwner = new HashMap<>();

    public SeriesBuilder(AttributionMode mode) {
        this.mode = mode;
    }

    /** All series of the node's GPUs, unordered. */
    public List<Series> series(NodeView node) {
        List<Series> series = new ArrayList<>();
        for (DeviceReading device : node.snapshot().devices()) {
            Ownership ownership = node.owner(device);
            Optional<Workload> owner = ownership.exclusiveOwner();
            addDevice(device, series);
            for (Sample sample : device.samples()) {
                series.add(of(device, sample, owner));
            }
            if (mode != AttributionMode.OFF) {
                addWorkloads(device, ownership, series);
            }
        }
        return series;
    }

    private void addDevice(DeviceReading device, List<Series> series) {
        device.info().ifPresent(info -> series.add(of(device, info, Optional.empty())));
        series.add(of(device, new Sample(DeviceMetrics.UP, List.of(), device.isUp() ? 1 : 0), Optional.empty()));
    }

    private void addWorkloads(DeviceReading device, Ownership ownership, List<Series> series) {
        Set<Sample> samples = new LinkedHashSet<>(); // a container that holds several replicas is listed once
        for (Allocation allocation : ownership.allocations()) {
            Workload workload = allocation.workload();
            samples.add(new Sample(
                    WorkloadMetrics.INFO,
                    List.of(workload.namespace(), workload.pod(), workload.container(), allocation.resource()),
                    1));
        }
        samples.forEach(sample -> series.add(of(device, sample, Optional.empty())));
    }

    private Series of(DeviceReading device, Sample sample, Optional<Workload> owner) {
        GpuMetric metric = sample.metric();
        boolean owned = metric.owner() && owner.isPresent() && mode == AttributionMode.LABELS;
        List<String> values = new ArrayList<>();
        values.add(Integer.toString(device.index()));
        values.add(device.uuid());
        values.addAll(sample.labels());
        if (owned) {
            values.add(owner.get().namespace());
            values.add(owner.get().pod());
            values.add(owner.get().container());
        }
        return new Series(metric, names(metric, owned), values, sample.value());
    }

    private List<String> names(GpuMetric metric, boolean owned) {
        return (owned ? namesWithOwner : namesWithoutOwner).computeIfAbsent(metric, key -> {
            List<String> names = new ArrayList<>(DEVICE_LABELS);
            names.addAll(metric.labels());
            if (owned) {
                names.addAll(OWNER_LABELS);
            }
            return List.copyOf(names);
        });
    }
}
