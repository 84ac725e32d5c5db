package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_TEMPERATURE_GPU;

import dev.gpuexporter.nvml.NvmlStructs.MarginTemperature;
import dev.gpuexporter.nvml.NvmlStructs.Temperature;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/** How hot a GPU is and may get, and the fans that cool it. */
public final class Temperatures {
    private static final DoubleUnaryOperator PERCENT = percent -> percent / 100;

    /** Each is asked for its speed, however many a driver says there are. */
    private static final int MOST_FANS = 64;

    private final NvmlLibrary nvml;
    private final DeviceCalls calls;

    Temperatures(NvmlLibrary nvml, DeviceCalls calls) {
        this.nvml = nvml;
        this.calls = calls;
    }

    /** Of the GPU's die, °C; {@code nvmlDeviceGetTemperatureV}, before driver 570 {@code nvmlDeviceGetTemperature}. */
    public OptionalDouble celsius() throws NvmlException {
        Optional<Integer> celsius = calls.versioned(
                "nvmlDeviceGetTemperatureV",
                Temperature.LAYOUT,
                1,
                nvml::nvmlDeviceGetTemperatureV,
                Temperature.TEMPERATURE::s32);
        return celsius.isPresent()
                ? OptionalDouble.of(celsius.get())
                : calls.s32(
                        "nvmlDeviceGetTemperature",
                        (device, out) -> nvml.nvmlDeviceGetTemperature(device, NVML_TEMPERATURE_GPU, out));
    }

    /** One of {@code NVML_TEMPERATURE_THRESHOLD_…}, °C. */
    public OptionalDouble thresholdCelsius(int threshold) throws NvmlException {
        return calls.ofItsMake()
                .u32(
                        "nvmlDeviceGetTemperatureThreshold(" + threshold,
                        (device, out) -> nvml.nvmlDeviceGetTemperatureThreshold(device, threshold, out));
    }

    /** How far the GPU is below the temperature at which it slows down, °C. */
    public OptionalDouble marginCelsius() throws NvmlException {
        Optional<Integer> celsius = calls.versioned(
                "nvmlDeviceGetMarginTemperature",
                MarginTemperature.LAYOUT,
                1,
                nvml::nvmlDeviceGetMarginTemperature,
                MarginTemperature.MARGIN_TEMPERATURE::s32);
        return celsius.isPresent() ? OptionalDouble.of(celsius.get()) : OptionalDouble.empty();
    }

    public int fans() throws NvmlException {
        return (int) Math.min(
                MOST_FANS,
                calls.ofItsMake()
                        .u32("nvmlDeviceGetNumFans", nvml::nvmlDeviceGetNumFans)
                        .orElse(0));
    }

    /** The intended speed as a share of the fan's maximum; may pass 1. */
    public OptionalDouble fanSpeedRatio(int fan) throws NvmlException {
        return calls.u32(
                "nvmlDeviceGetFanSpeed_v2(" + fan,
                (device, out) -> nvml.nvmlDeviceGetFanSpeed_v2(device, fan, out),
                PERCENT);
    }
}
