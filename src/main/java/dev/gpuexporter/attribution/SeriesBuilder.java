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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes the labels of every series of the GPUs: device, then what the metric itself has, then its owner. */
public final class SeriesBuilder {
    private final AttributionMode mode;
    private final PodDetails details;
    private final LabelNames names = new LabelNames();
    private final List<GpuSeries> gpus = new ArrayList<>();
    private int most;

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
        List<Series> series = new ArrayList<>(most);
        series.addAll(HistorySeries.meanings(node.snapshot()));
        series.addAll(ClusterSeries.of(node));
        List<DeviceReading> devices = node.snapshot().devices();
        for (int i = 0; i < devices.size(); i++) {
            add(devices.get(i), node, gpu(i, devices.get(i)), series);
        }
        gpus.subList(devices.size(), gpus.size()).clear();
        most = Math.max(most, series.size());
        return series;
    }

    /** The one whose turn it is, as nearly always; else it begins anew. */
    private GpuSeries gpu(int turn, DeviceReading device) {
        if (turn == gpus.size()) {
            gpus.add(new GpuSeries(device, names));
        } else if (!gpus.get(turn).isOf(device)) {
            gpus.set(turn, new GpuSeries(device, names));
        }
        return gpus.get(turn);
    }

    private void add(DeviceReading device, NodeView node, GpuSeries gpu, List<Series> series) {
        Ownership ownership = node.owner(device);
        Owners owners = new Owners(node, device, ownership);
        gpu.beginPage();
        addDevice(device, gpu, series);
        ClusterSeries.allocatable(device, node).ifPresent(sample -> series.add(gpu.of(sample)));
        HistorySeries.of(device.history()).forEach(sample -> series.add(gpu.of(sample)));
        for (Sample sample : device.samples()) {
            addSample(sample, owners, ownership.since(), gpu, series);
        }
        if (mode != AttributionMode.OFF) {
            UseSeries.of(node.uses(), device).forEach(sample -> series.add(gpu.of(sample)));
            PodIndex pods = node.cluster().pods();
            addWorkloads(Optional.empty(), ownership, pods, gpu, series);
            device.mig().forEach(mig -> addWorkloads(Optional.of(mig), node.owner(mig), pods, gpu, series));
        }
    }

    /** What an owner's name stands on is of the owner's time. */
    private void addSample(Sample sample, Owners owners, Instant since, GpuSeries gpu, List<Series> series) {
        boolean mayBeOwned = sample.metric().owner() && mode == AttributionMode.LABELS;
        Optional<Workload> owner = mayBeOwned ? owners.of(sample) : Optional.empty();
        if (owner.isEmpty()) {
            series.add(gpu.of(sample));
            return;
        }
        sample.since(since).ifPresent(value -> series.add(gpu.of(sample, value, owner)));
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

    private static void addDevice(DeviceReading device, GpuSeries gpu, List<Series> series) {
        device.info().ifPresent(info -> series.add(gpu.of(info)));
        device.migInfo().forEach(info -> series.add(gpu.of(info)));
        series.add(gpu.of(new Sample(DeviceMetrics.UP, List.of(), device.isUp() ? 1 : 0)));
    }

    private void addWorkloads(
            Optional<MigPart> mig, Ownership ownership, PodIndex pods, GpuSeries gpu, List<Series> series) {
        GpuMetric metric = mig.isPresent() ? WorkloadMetrics.MIG_INFO : WorkloadMetrics.INFO;
        Set<List<String>> told = new HashSet<>(); // a container that holds several replicas is listed once
        for (Allocation allocation : ownership.allocations()) {
            Workload workload = allocation.workload();
            Sample sample = new Sample(
                    metric,
                    mig,
                    List.of(workload.namespace(), workload.pod(), workload.container(), allocation.resource()),
                    1);
            Series info = gpu.of(sample).with(details.names(), details.of(workload, pods));
            if (told.add(info.labelValues())) {
                series.add(info);
            }
        }
    }
}
