package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlConstants;
import dev.gpuexporter.nvml.NvmlStructs.MarginTemperature;
import dev.gpuexporter.nvml.NvmlStructs.Temperature;
import dev.gpuexporter.simulation.GpuModel.Thresholds;

/** Temperatures, °C, and the fans. */
interface TemperatureCalls extends SystemCalls {
    @Override
    default int nvmlDeviceGetTemperature(Pointer device, int sensorType, Pointer temp) {
        return gate().u32("nvmlDeviceGetTemperature", device, temp, gpu -> {
            checkSensor(sensorType);
            return celsius(gpu);
        });
    }

    @Override
    default int nvmlDeviceGetTemperatureV(Pointer device, Pointer temperature) {
        return gate().onGpu("nvmlDeviceGetTemperatureV", device, gpu -> {
            Arguments.version(temperature, Temperature.LAYOUT.version(1));
            checkSensor(Temperature.SENSOR_TYPE.s32(temperature));
            Temperature.TEMPERATURE.set(temperature, celsius(gpu));
        });
    }

    /** Models that tell offsets to their limit tell no absolute threshold. */
    @Override
    default int nvmlDeviceGetTemperatureThreshold(Pointer device, int thresholdType, Pointer temp) {
        return gate().u32("nvmlDeviceGetTemperatureThreshold", device, temp, gpu -> {
            if (thresholdType < 0 || thresholdType > 7) {
                throw Refusal.invalidArgument();
            }
            Thresholds thresholds = gpu.model().thermal().thresholds();
            if (thresholds.limit().isPresent()) {
                throw Refusal.notSupported();
            }
            return switch (thresholdType) {
                case NvmlConstants.NVML_TEMPERATURE_THRESHOLD_SHUTDOWN -> thresholds.shutdown();
                case NvmlConstants.NVML_TEMPERATURE_THRESHOLD_SLOWDOWN -> thresholds.slowdown();
                case NvmlConstants.NVML_TEMPERATURE_THRESHOLD_GPU_MAX -> thresholds.gpuMax();
                case NvmlConstants.NVML_TEMPERATURE_THRESHOLD_MEM_MAX ->
                    thresholds.memoryMax().orElseThrow(Refusal::notSupported);
                default -> throw Refusal.notSupported();
            };
        });
    }

    @Override
    default int nvmlDeviceGetMarginTemperature(Pointer device, Pointer marginTempInfo) {
        return gate().onGpu("nvmlDeviceGetMarginTemperature", device, gpu -> {
            Arguments.version(marginTempInfo, MarginTemperature.LAYOUT.version(1));
            int limit = gpu.model().thermal().thresholds().limit().orElseThrow(Refusal::notSupported);
            MarginTemperature.MARGIN_TEMPERATURE.set(marginTempInfo, limit - celsius(gpu));
        });
    }

    @Override
    default int nvmlDeviceGetNumFans(Pointer device, Pointer numFans) {
        return gate().u32("nvmlDeviceGetNumFans", device, numFans, TemperatureCalls::fans);
    }

    @Override
    default int nvmlDeviceGetFanSpeed_v2(Pointer device, int fan, Pointer speed) {
        return gate().u32("nvmlDeviceGetFanSpeed_v2", device, speed, gpu -> {
            if (fan < 0 || fan >= fans(gpu)) {
                throw Refusal.invalidArgument();
            }
            return gpu.fanPercent();
        });
    }

    private static int fans(SimulatedGpu gpu) throws Refusal {
        if (gpu.model().fans() == 0) {
            throw Refusal.notSupported();
        }
        return gpu.model().fans();
    }

    private static long celsius(SimulatedGpu gpu) {
        return Math.round(gpu.state().temperatureCelsius());
    }

    private static void checkSensor(int sensorType) throws Refusal {
        if (sensorType != NvmlConstants.NVML_TEMPERATURE_GPU) {
            throw Refusal.invalidArgument();
        }
    }
}
