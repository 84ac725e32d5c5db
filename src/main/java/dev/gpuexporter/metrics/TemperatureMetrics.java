package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.FANS;
import static dev.gpuexporter.metrics.Group.TEMPERATURE;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** How hot a GPU is, how hot it may get, and what cools it. */
final class TemperatureMetrics {
    /** The threshold, and the field that says how far it is from the limit where the driver gives no absolute one. */
    private static final Map<String, Threshold> THRESHOLDS = new LinkedHashMap<>();

    static {
        THRESHOLDS.put(
                "shutdown",
                new Threshold(NVML_TEMPERATURE_THRESHOLD_SHUTDOWN, NVML_FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT));
        THRESHOLDS.put(
                "slowdown",
                new Threshold(NVML_TEMPERATURE_THRESHOLD_SLOWDOWN, NVML_FI_DEV_TEMPERATURE_SLOWDOWN_TLIMIT));
        THRESHOLDS.put(
                "gpu_max", new Threshold(NVML_TEMPERATURE_THRESHOLD_GPU_MAX, NVML_FI_DEV_TEMPERATURE_GPU_MAX_TLIMIT));
        THRESHOLDS.put(
                "memory_max",
                new Threshold(NVML_TEMPERATURE_THRESHOLD_MEM_MAX, NVML_FI_DEV_TEMPERATURE_MEM_MAX_TLIMIT));
    }

    private record Threshold(int absolute, int margin) {}

    static final List<GpuMetric> ALL = List.of(
            gauge(
                            TEMPERATURE,
                            "gpu_temperature_celsius",
                            "Temperature of the GPU's die and, where it has a sensor, of its memory.")
                    .labels("sensor")
                    .withOwner()
                    .from("nvmlDeviceGetTemperatureV, NVML_FI_DEV_MEMORY_TEMP")
                    .needs("memory: HBM")
                    .fields(NVML_FI_DEV_MEMORY_TEMP)
                    .read((device, out) -> {
                        out.add(device.temperatures().celsius(), "gpu");
                        // Some cards without the sensor answer 0 instead of "not supported".
                        OptionalDouble memory = device.field(NVML_FI_DEV_MEMORY_TEMP);
                        if (memory.orElse(0) > 0) {
                            out.add(memory, "memory");
                        }
                    }),
            gauge(
                            TEMPERATURE,
                            "gpu_temperature_threshold_celsius",
                            "Temperature at which the GPU slows down, shuts down, or is outside its range of operation.")
                    .labels("threshold")
                    .from("nvmlDeviceGetTemperatureThreshold")
                    .needs("GPUs before Ada; newer ones give margins")
                    .read((device, out) -> {
                        for (Map.Entry<String, Threshold> threshold : THRESHOLDS.entrySet()) {
                            out.add(
                                    device.temperatures()
                                            .thresholdCelsius(
                                                    threshold.getValue().absolute()),
                                    threshold.getKey());
                        }
                    }),
            gauge(
                            TEMPERATURE,
                            "gpu_temperature_margin_celsius",
                            "How far the GPU is below the temperature at which it starts to slow down.")
                    .from("nvmlDeviceGetMarginTemperature")
                    .needs("driver 570; Ada and later")
                    .read((device, out) -> out.add(device.temperatures().marginCelsius())),
            gauge(
                            TEMPERATURE,
                            "gpu_temperature_margin_threshold_celsius",
                            "Margin (gpu_temperature_margin_celsius) at which the GPU slows down, shuts down, or is outside its range of operation.")
                    .labels("threshold")
                    .from("NVML_FI_DEV_TEMPERATURE_…_TLIMIT")
                    .needs("Ada and later")
                    .fields(THRESHOLDS.values().stream().map(Threshold::margin).toList())
                    .read(TemperatureMetrics::marginThresholds),
            gauge(FANS, "gpu_fan_speed_ratio", "Intended speed of a fan as a share of its maximum; may pass 1.")
                    .labels("fan")
                    .from("nvmlDeviceGetFanSpeed_v2")
                    .needs("GPUs with fans of their own")
                    .read((device, out) -> {
                        for (int fan = 0; fan < device.temperatures().fans(); fan++) {
                            out.add(device.temperatures().fanSpeedRatio(fan), NumberLabel.of(fan));
                        }
                    }));

    private TemperatureMetrics() {}

    private static void marginThresholds(NvmlDevice device, Samples out) throws NvmlException {
        for (Map.Entry<String, Threshold> threshold : THRESHOLDS.entrySet()) {
            out.add(device.field(threshold.getValue().margin()), threshold.getKey());
        }
    }
}
