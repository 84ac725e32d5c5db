package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.metrics.StockMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** How much the node has to give, and has given; nothing where the kubelet has not said. */
final class StockSeries {
    private StockSeries() {}

    /** Of every resource of the node. */
    static List<Series> of(NodeView node) {
        List<Series> series = new ArrayList<>();
        node.workloads().wholeStock().forEach((resource, stock) -> {
            stock.allocatable().ifPresent(count -> series.add(of(StockMetrics.ALLOCATABLE, resource, count)));
            series.add(of(StockMetrics.ALLOCATED, resource, stock.allocated()));
        });
        return series;
    }

    private static Series of(GpuMetric metric, String resource, int count) {
        return new Series(metric, metric.labels(), List.of(resource), count);
    }

    /** Whether this GPU, or a part of it, is among those that can be given. */
    static Sample allocatable(DeviceReading device, Set<String> uuids) {
        return new Sample(StockMetrics.GPU_ALLOCATABLE, List.of(), uuids.contains(device.uuid()) ? 1 : 0);
    }
}
