package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.POWER;
import static dev.gpuexporter.metrics.Group.UTILIZATION;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_POWER_INSTANT;

import dev.gpuexporter.nvml.DriverSample;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.UtilizationRates;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What polls would miss: the driver samples power and utilization between them. */
final class PeakMetrics {
    static final List<GpuMetric> ALL = List.of(
            gauge(
                            UTILIZATION,
                            "gpu_utilization_peak_ratio",
                            "Greatest share of a sample period in which at least one kernel ran, of all that the driver's sample buffer and the polls showed within metrics.peak-window.")
                    .withOwner()
                    .from("nvmlDeviceGetSamples, nvmlDeviceGetUtilizationRates")
                    .notWithMig()
                    .read(PeakMetrics::utilization),
            gauge(
                            POWER,
                            "gpu_power_draw_peak_watts",
                            "Greatest power drawn by the whole board, of all that the driver's sample buffer and the polls showed within metrics.peak-window.")
                    .withOwner()
                    .from("nvmlDeviceGetSamples, nvmlDeviceGetPowerUsage")
                    .needs("from polls alone with MIG enabled")
                    .read(PeakMetrics::power));

    private PeakMetrics() {}

    private static void utilization(NvmlDevice device, Samples out) throws NvmlException {
        Optional<List<DriverSample>> sampled = device.samples().utilizationRatio();
        Optional<UtilizationRates> polled = device.utilization();
        if (sampled.isPresent() || polled.isPresent()) {
            out.addPeak(
                    sampled.orElse(List.of()),
                    polled.map(rates -> OptionalDouble.of(rates.gpu())).orElse(OptionalDouble.empty()));
        }
    }

    /** Neither the mean nor the instant that the other metrics of its group show may be greater than the peak. */
    private static void power(NvmlDevice device, Samples out) throws NvmlException {
        Optional<List<DriverSample>> sampled = device.samples().powerWatts();
        OptionalDouble instant = device.field(NVML_FI_DEV_POWER_INSTANT);
        OptionalDouble mean = device.powerDrawWatts();
        OptionalDouble polled =
                instant.isEmpty() ? mean : OptionalDouble.of(Math.max(mean.orElse(0), instant.getAsDouble() / 1000));
        if (sampled.isPresent() || polled.isPresent()) {
            out.addPeak(sampled.orElse(List.of()), polled);
        }
    }
}
