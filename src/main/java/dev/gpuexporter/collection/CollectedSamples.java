package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.metrics.Samples;
import dev.gpuexporter.nvml.DriverSample;
import java.util.List;
import java.util.OptionalDouble;

/** Gathers what one metric has on one GPU in one poll; what no driver can mean is left out. */
final class CollectedSamples implements Samples {
    private final GpuMetric metric;
    private final Peaks peaks;
    private final List<Sample> collected;

    /** @param collected where the samples go */
    CollectedSamples(GpuMetric metric, Peaks peaks, List<Sample> collected) {
        this.metric = metric;
        this.peaks = peaks;
        this.collected = collected;
    }

    @Override
    public void add(double value, String... labels) {
        if (metric.canBe(value)) {
            collected.add(new Sample(metric, List.of(labels), value));
        }
    }

    @Override
    public void addPeak(List<DriverSample> sampled, OptionalDouble polled, String... labels) {
        peaks.with(metric, List.of(labels), sampled, polled).ifPresent(collected::add);
    }
}
