package dev.gpuexporter.exposition;

import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.attribution.Series;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.metrics.ExporterMetrics;
import dev.gpuexporter.metrics.GpuMetric;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands the node's series to the registry as immutable snapshots: pods and devices come and go, none is registered. */
final class NodeCollector implements MultiCollector {
    private static final Logger log = LoggerFactory.getLogger(NodeCollector.class);
    private static final String TOTAL = "_total";

    private final Supplier<NodeView> node;
    private final Predicate<Snapshot> fresh;
    private final Supplier<ExporterState> state;
    private final Function<NodeView, List<Series>> series;
    private final BuildInfo build;

    /** Labels cost more to check than to look up. */
    private final Kept<LabelKey, Labels> labels =
            new Kept<>(new HashMap<>(), key -> Labels.of(key.names(), key.values()));

    /** @param series of the GPUs, under the exporter's own names */
    NodeCollector(
            Supplier<NodeView> node,
            Predicate<Snapshot> fresh,
            Supplier<ExporterState> state,
            Function<NodeView, List<Series>> series,
            BuildInfo build) {
        this.node = node;
        this.fresh = fresh;
        this.state = state;
        this.series = series;
        this.build = build;
    }

    @Override
    public synchronized MetricSnapshots collect() {
        NodeView view = node.get();
        Families families = new Families(labels);
        addExporter(view, families);
        if (fresh.test(view.snapshot())) {
            series.apply(view).forEach(families::add);
        }
        labels.endPage();
        return families.snapshots();
    }

    private void addExporter(NodeView view, Families families) {
        addNode(families, ExporterMetrics.BUILD_INFO, List.of(build.version(), build.revision(), build.java()), 1);
        addNode(families, ExporterMetrics.SIMULATED, List.of(), state.get().simulated() ? 1 : 0);
        addNode(families, ExporterMetrics.NVML_UP, List.of(), view.snapshot().isNvmlUp() ? 1 : 0);
        state.get().kubeletUp().ifPresent(up -> {
            addNode(families, ExporterMetrics.KUBELET_UP, List.of(), up ? 1 : 0);
            addNode(
                    families,
                    ExporterMetrics.UNMAPPED_DEVICES,
                    List.of(),
                    view.unmapped().size());
        });
        state.get()
                .kubernetesApiUp()
                .ifPresent(up -> addNode(families, ExporterMetrics.KUBERNETES_API_UP, List.of(), up ? 1 : 0));
        if (fresh.test(view.snapshot())) {
            addNode(
                    families,
                    ExporterMetrics.LAST_POLL,
                    List.of(),
                    view.snapshot().time().toEpochMilli() / 1000.0);
            addNode(
                    families,
                    ExporterMetrics.POLL_DURATION,
                    List.of(),
                    view.snapshot().took().toNanos() / 1e9);
        }
    }

    private static void addNode(Families families, GpuMetric metric, List<String> labels, double value) {
        families.add(new Series(metric, metric.labels(), labels, value));
    }

    /** Looked up for each series of a page; what the compiler makes for a record is several times as slow before C2. */
    private record LabelKey(List<String> names, List<String> values) {
        @Override
        public boolean equals(Object other) {
            return other instanceof LabelKey key
                    && values.equals(key.values)
                    && (names == key.names || names.equals(key.names));
        }

        /** Series of the same values and other names are few. */
        @Override
        public int hashCode() {
            return values.hashCode();
        }
    }

    /** All samples of a page, by metric. */
    private static final class Families {
        private final Map<GpuMetric, Family> byMetric = new LinkedHashMap<>();
        private final Kept<LabelKey, Labels> labels;
        private GpuMetric newest;
        private Family ofNewest;

        Families(Kept<LabelKey, Labels> labels) {
            this.labels = labels;
        }

        void add(Series series) {
            if (series.metric() != newest) { // they come in runs
                newest = series.metric();
                ofNewest = byMetric.computeIfAbsent(newest, metric -> new Family());
            }
            ofNewest.add(series, labels.of(new LabelKey(series.labelNames(), series.labelValues())));
        }

        MetricSnapshots snapshots() {
            List<MetricSnapshot> snapshots = new ArrayList<>(byMetric.size());
            byMetric.forEach((metric, family) -> snapshots.add(family.snapshot(metric)));
            return new MetricSnapshots(snapshots);
        }
    }

    /** The samples of one metric; two with the same labels would fail the whole scrape, so the second is left out. */
    private static final class Family {
        /** By identity, since the same labels are the same object in a page. */
        private final Set<Labels> seen = Collections.newSetFromMap(new IdentityHashMap<>());

        private final List<Labels> labels = new ArrayList<>();
        private final List<Double> values = new ArrayList<>();

        void add(Series series, Labels label) {
            if (!seen.add(label)) {
                log.warn(
                        "{}{} comes twice; the second is left out",
                        series.metric().name(),
                        label);
                return;
            }
            labels.add(label);
            values.add(series.value());
        }

        MetricSnapshot snapshot(GpuMetric metric) {
            return metric.type() == GpuMetric.Type.COUNTER ? counter(metric) : gauge(metric);
        }

        private MetricSnapshot counter(GpuMetric metric) {
            String name = metric.name().substring(0, metric.name().length() - TOTAL.length());
            CounterSnapshot.Builder counter =
                    CounterSnapshot.builder().name(name).help(metric.help());
            for (int i = 0; i < values.size(); i++) {
                counter.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels.get(i))
                        .value(values.get(i))
                        .build());
            }
            return counter.build();
        }

        private MetricSnapshot gauge(GpuMetric metric) {
            GaugeSnapshot.Builder gauge =
                    GaugeSnapshot.builder().name(metric.name()).help(metric.help());
            for (int i = 0; i < values.size(); i++) {
                gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels.get(i))
                        .value(values.get(i))
                        .build());
            }
            return gauge.build();
        }
    }
}
