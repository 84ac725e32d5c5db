package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.metrics.StockMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What Kubernetes says of the node itself: how much it has to give and has given, and whether its stack is ready. */
final class ClusterSeries {
    private ClusterSeries() {}

    /** All that is not said of a GPU; nothing of which nobody has said anything. */
    static List<Series> of(NodeView node) {
        List<Series> series = new ArrayList<>();
        node.workloads().wholeStock().forEach((resource, stock) -> {
            stock.allocatable().ifPresent(count -> series.add(of(StockMetrics.ALLOCATABLE, resource, count)));
            series.add(of(StockMetrics.ALLOCATED, resource, stock.allocated()));
        });
        node.cluster()
                .stack()
                .forEach((component, ready) ->
                        series.add(of(StockMetrics.STACK_COMPONENT_READY, component, ready ? 1 : 0)));
        return series;
    }

    private static Series of(GpuMetric metric, String label, int value) {
        return new Series(metric, metric.labels(), List.of(label), value);
    }

    /** Whether this GPU, or a part of it, is among those that can be given; of one that never said who it is, nothing. */
    static Optional<Sample> allocatable(DeviceReading device, NodeView node) {
        return node.allocatable()
                .filter(uuids -> device.identity().isPresent())
                .map(uuids ->
                        new Sample(StockMetrics.GPU_ALLOCATABLE, List.of(), uuids.contains(device.uuid()) ? 1 : 0));
    }
}
