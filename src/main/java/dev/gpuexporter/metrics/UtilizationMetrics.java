package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.UTILIZATION;

import java.util.List;

/** How busy a GPU is. */
final class UtilizationMetrics {
    static final List<GpuMetric> ALL = List.of(
            gauge(
                            UTILIZATION,
                            "gpu_utilization_ratio",
                            "Share of the last sample period in which at least one kernel ran.")
                    .withOwner()
                    .from("nvmlDeviceGetUtilizationRates")
                    .notWithMig()
                    .read((device, out) -> device.utilization().ifPresent(rates -> out.add(rates.gpu()))),
            gauge(
                            UTILIZATION,
                            "gpu_memory_controller_utilization_ratio",
                            "Share of the last sample period in which device memory was read or written.")
                    .withOwner()
                    .from("nvmlDeviceGetUtilizationRates")
                    .notWithMig()
                    .read((device, out) -> device.utilization().ifPresent(rates -> out.add(rates.memoryController()))),
            gauge(UTILIZATION, "gpu_encoder_utilization_ratio", "Share of time in which the video encoders were busy.")
                    .withOwner()
                    .from("nvmlDeviceGetEncoderUtilization")
                    .notWithMig()
                    .read((device, out) -> out.add(device.encoderUtilizationRatio())),
            gauge(UTILIZATION, "gpu_decoder_utilization_ratio", "Share of time in which the video decoders were busy.")
                    .withOwner()
                    .from("nvmlDeviceGetDecoderUtilization")
                    .notWithMig()
                    .read((device, out) -> out.add(device.decoderUtilizationRatio())),
            gauge(UTILIZATION, "gpu_jpeg_utilization_ratio", "Share of time in which the JPEG engines were busy.")
                    .withOwner()
                    .from("nvmlDeviceGetJpgUtilization")
                    .needs("driver 535")
                    .notWithMig()
                    .read((device, out) -> out.add(device.jpegUtilizationRatio())),
            gauge(
                            UTILIZATION,
                            "gpu_ofa_utilization_ratio",
                            "Share of time in which the optical flow engines were busy.")
                    .withOwner()
                    .from("nvmlDeviceGetOfaUtilization")
                    .needs("driver 535")
                    .notWithMig()
                    .read((device, out) -> out.add(device.ofaUtilizationRatio())));

    private UtilizationMetrics() {}
}
