package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.PodIndex;
import dev.gpuexporter.kubernetes.PodLabels;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.DeviceMetrics;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.GpuMetric.Subject;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.metrics.WorkloadMetrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Writes the labels of every series of the GPUs: device, then what the metric itself has, then its owner. */
public final class SeriesBuilder {
    private static final List<String> OWNER_LABELS = List.of("namespace", "pod", "container");

    private final AttributionMode mode;
    private final PodDetails details;
    private final Map<GpuMetric, List<String>> namesWithoutOwner = new HashMap<>();
    private final Map<GpuMetric, List<String>> namesWithOwner = new HashMap<>();

    /** Without more of pods than the kubelet says. */
    public SeriesBuilder(AttributionMode mode) {
        this(mode, Optional.empty());
    }

    /** @param podLabels those that are shown of a pod; empty where the API server is not asked for pods */
    public SeriesBuilder(AttributionMode mode, Optional<PodLabels> podLabels) {
        this.mode = mode;
        this.details = new PodDetails(podLabels);
    }

    /** All series of the node's GPUs, unordered. */
    public synchronized List<Series> series(NodeView node) {
        List<Series> series = new ArrayList<>(HistorySeries.meanings(node.snapshot()));
        series.addAll(ClusterSeries.of(node));
        for (DeviceReading device : node.snapshot().devices()) {
            Ownership ownership = node.owner(device);
            Owners owners = new Owners(node, device, ownership);
            addDevice(device, series);
            ClusterSeries.allocatable(device, node)
                    .ifPresent(sample -> series.add(of(device, sample, Optional.empty())));
            HistorySeries.of(device.history()).forEach(sample -> series.add(of(device, sample, Optional.empty())));
            for (Sample sample : device.samples()) {
                addSample(device, sample, owners.of(sample), ownership.since(), series);
            }
            if (mode != AttributionMode.OFF) {
                UseSeries.of(node.uses(), device).forEach(sample -> series.add(of(device, sample, Optional.empty())));
                PodIndex pods = node.cluster().pods();
                addWorkloads(device, Optional.empty(), ownership, pods, series);
                device.mig().forEach(mig -> addWorkloads(device, Optional.of(mig), node.owner(mig), pods, series));
            }
        }
        return series;
    }

    /** What an owner's name stands on is of the owner's time. */
    private void addSample(
            DeviceReading device, Sample sample, Optional<Workload> owner, Instant since, List<Series> series) {
        if (owner.isEmpty() || !sample.metric().owner() || mode != AttributionMode.LABELS) {
            series.add(of(device, sample, Optional.empty()));
            return;
        }
        sample.since(since)
                .ifPresent(value -> series.add(
                        of(device, new Sample(sample.metric(), sample.mig(), sample.labels(), value), owner)));
    }

    /** Who owns one GPU and its parts; asked for every sample, so the answers are kept. */
    private static final class Owners {
        private final NodeView node;
        private final DeviceReading device;
        private final Optional<Workload> gpu;
        private final Map<Integer, Optional<Workload>> byGpuInstance = new HashMap<>();

        Owners(NodeView node, DeviceReading device, Ownership gpu) {
            this.node = node;
            this.device = device;
            this.gpu = gpu.exclusiveOwner();
        }

        Optional<Workload> of(Sample sample) {
            if (sample.mig().isEmpty()) {
                return gpu;
            }
            MigPart mig = sample.mig().get();
            return sample.metric().subject() == Subject.MIG
                    ? node.owner(mig).exclusiveOwner()
                    : byGpuInstance.computeIfAbsent(mig.gpuInstance(), id -> node.ownerOfGpuInstance(device, id)
                            .exclusiveOwner());
        }
    }

    private void addDevice(DeviceReading device, List<Series> series) {
        device.info().ifPresent(info -> series.add(of(device, info, Optional.empty())));
        device.migInfo().forEach(info -> series.add(of(device, info, Optional.empty())));
        series.add(of(device, new Sample(DeviceMetrics.UP, List.of(), device.isUp() ? 1 : 0), Optional.empty()));
    }

    private void addWorkloads(
            DeviceReading device, Optional<MigPart> mig, Ownership ownership, PodIndex pods, List<Series> series) {
        GpuMetric metric = mig.isPresent() ? WorkloadMetrics.MIG_INFO : WorkloadMetrics.INFO;
        Set<Series> told = new LinkedHashSet<>(); // a container that holds several replicas is listed once
        for (Allocation allocation : ownership.allocations()) {
            Workload workload = allocation.workload();
            Sample sample = new Sample(
                    metric,
                    mig,
                    List.of(workload.namespace(), workload.pod(), workload.container(), allocation.resource()),
                    1);
            told.add(of(device, sample, Optional.empty()).with(details.names(), details.of(workload, pods)));
        }
        series.addAll(told);
    }

    private Series of(DeviceReading device, Sample sample, Optional<Workload> owner) {
        List<String> names = names(sample.metric(), owner.isPresent());
        List<String> values = new ArrayList<>(names.size());
        values.add(Integer.toString(device.index()));
        values.add(device.uuid());
        sample.mig().ifPresent(mig -> values.addAll(mig.labels()));
        values.addAll(sample.labels());
        if (owner.isPresent()) {
            values.add(owner.get().namespace());
            values.add(owner.get().pod());
            values.add(owner.get().container());
        }
        return new Series(sample.metric(), names, values, sample.value());
    }

    private List<String> names(GpuMetric metric, boolean owned) {
        return owned
                ? namesWithOwner.computeIfAbsent(metric, SeriesBuilder::withOwner)
                : namesWithoutOwner.computeIfAbsent(metric, SeriesBuilder::withoutOwner);
    }

    private static List<String> withoutOwner(GpuMetric metric) {
        return joined(metric.subject().labels(), metric.labels());
    }

    private static List<String> withOwner(GpuMetric metric) {
        return joined(withoutOwner(metric), OWNER_LABELS);
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
