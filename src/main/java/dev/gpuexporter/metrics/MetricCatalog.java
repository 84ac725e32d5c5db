package dev.gpuexporter.metrics;

import java.util.List;
import java.util.stream.Stream;

/** Every metric, once, in the order of the docs. */
public final class MetricCatalog {
    private static final List<GpuMetric> ALL = Stream.of(
                    DeviceMetrics.ALL,
                    PlatformMetrics.ALL,
                    UtilizationMetrics.ALL,
                    MemoryMetrics.ALL,
                    TemperatureMetrics.ALL,
                    PowerMetrics.ALL,
                    PeakMetrics.ALL,
                    ClockMetrics.ALL,
                    HealthMetrics.ALL,
                    EccMetrics.ALL,
                    SramMetrics.ALL,
                    PcieMetrics.ALL,
                    VgpuMetrics.ALL,
                    WorkloadMetrics.ALL,
                    ExporterMetrics.ALL)
            .flatMap(List::stream)
            .toList();

    private MetricCatalog() {}

    public static List<GpuMetric> all() {
        return ALL;
    }
}
