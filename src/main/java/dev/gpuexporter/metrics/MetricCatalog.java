package dev.gpuexporter.metrics;

import java.util.List;
import java.util.stream.Stream;

/** Every metric, once, in the order of the docs. */
public final class MetricCatalog {
    private static final List<GpuMetric> ALL = Stream.of(
                    DeviceMetrics.ALL,
                    UtilizationMetrics.ALL,
                    MemoryMetrics.ALL,
                    TemperatureMetrics.ALL,
                    PowerMetrics.ALL,
                    ClockMetrics.ALL,
                    EccMetrics.ALL,
                    PcieMetrics.ALL,
                    ProfilingMetrics.ALL,
                    MigMetrics.ALL,
                    WorkloadMetrics.ALL,
                    ExporterMetrics.ALL)
            .flatMap(List::stream)
            .toList();

    private MetricCatalog() {}

    public static List<GpuMetric> all() {
        return ALL;
    }
}
