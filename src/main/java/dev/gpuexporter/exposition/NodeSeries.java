package dev.gpuexporter.exposition;

import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.attribution.Series;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.metrics.ExporterMetrics;
import dev.gpuexporter.metrics.GpuMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What is told of a node under the exporter's own names: its GPUs, and how the exporter sees them.
 *
 * @param fresh whether a snapshot may be served
 * @param gpus the series of the GPUs
 */
record NodeSeries(
        Predicate<Snapshot> fresh,
        Supplier<ExporterState> state,
        Function<NodeView, List<Series>> gpus,
        BuildInfo build) {

    /** How many there are besides those of the GPUs, at the most. */
    private static final int OWN = 8;

    /** Unordered, and anew for each page. */
    List<Series> of(NodeView node) {
        boolean shown = fresh.test(node.snapshot());
        List<Series> ofGpus = shown ? gpus.apply(node) : List.of();
        List<Series> series = new ArrayList<>(OWN + ofGpus.size());
        ExporterState now = state.get();
        series.add(of(ExporterMetrics.BUILD_INFO, List.of(build.version(), build.revision(), build.java()), 1));
        series.add(of(ExporterMetrics.SIMULATED, now.simulated()));
        series.add(of(ExporterMetrics.NVML_UP, node.snapshot().isNvmlUp()));
        now.kubeletUp().ifPresent(up -> {
            series.add(of(ExporterMetrics.KUBELET_UP, up));
            series.add(of(ExporterMetrics.UNMAPPED_DEVICES, node.unmapped().size()));
        });
        now.kubernetesApiUp().ifPresent(up -> series.add(of(ExporterMetrics.KUBERNETES_API_UP, up)));
        if (shown) {
            series.add(of(ExporterMetrics.LAST_POLL, node.snapshot().time().toEpochMilli() / 1000.0));
            series.add(of(ExporterMetrics.POLL_DURATION, node.snapshot().took().toNanos() / 1e9));
            ofGpus.forEach(series::add); // addAll copies them once more
        }
        return series;
    }

    private static Series of(GpuMetric metric, boolean is) {
        return of(metric, is ? 1 : 0);
    }

    private static Series of(GpuMetric metric, double value) {
        return of(metric, List.of(), value);
    }

    private static Series of(GpuMetric metric, List<String> labels, double value) {
        return new Series(metric, metric.labels(), labels, value);
    }
}
