package dev.gpuexporter.metrics;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Every metric, once, in the order of the docs. */
public final class MetricCatalog {
    private static final String NVLINK_PER_LINK = "nvlink-per-link";
    private static final List<GpuMetric> ALL = with(NvLinkMetrics.PER_LINK, NvLinkDetails.PER_LINK);
    private static final List<GpuMetric> WITHOUT_LINKS = with(NvLinkMetrics.PER_GPU, NvLinkDetails.PER_GPU);

    private MetricCatalog() {}

    private static List<GpuMetric> with(List<GpuMetric> nvLinkMetrics, List<GpuMetric> nvLinkDetails) {
        return Stream.of(
                        DeviceMetrics.ALL,
                        PlatformMetrics.ALL,
                        UtilizationMetrics.ALL,
                        ActivityMetrics.ALL,
                        MemoryMetrics.ALL,
                        TemperatureMetrics.ALL,
                        PowerMetrics.ALL,
                        PeakMetrics.ALL,
                        ClockMetrics.ALL,
                        HealthMetrics.ALL,
                        EccMetrics.ALL,
                        SramMetrics.ALL,
                        PcieMetrics.ALL,
                        nvLinkMetrics,
                        nvLinkDetails,
                        PeerMetrics.ALL,
                        FabricMetrics.ALL,
                        ProfilingMetrics.ALL,
                        EngineMetrics.ALL,
                        MigMetrics.ALL,
                        VgpuMetrics.ALL,
                        ProcessMetrics.ALL,
                        EventMetrics.ALL,
                        WorkloadMetrics.ALL,
                        WorkloadUsageMetrics.ALL,
                        StockMetrics.ALL,
                        ExporterMetrics.ALL)
                .flatMap(List::stream)
                .toList();
    }

    public static List<GpuMetric> all() {
        return ALL;
    }

    /**
     * Those that somebody wants.
     *
     * @param switches what is on in {@code metrics} of the configuration: groups, and whether links are told apart
     */
    public static List<GpuMetric> on(Set<String> switches) {
        return (switches.contains(NVLINK_PER_LINK) ? ALL : WITHOUT_LINKS)
                .stream()
                        .filter(metric -> !metric.group().isOptional()
                                || switches.contains(metric.group().key()))
                        .toList();
    }
}
