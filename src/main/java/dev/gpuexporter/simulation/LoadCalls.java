package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.Utilization;

/** How busy a GPU is, in whole percent. No simulated workload uses the video engines. */
interface LoadCalls extends SystemCalls {
    int SAMPLING_PERIOD_MICROS = 167_000;

    @Override
    default int nvmlDeviceGetUtilizationRates(Pointer device, Pointer utilization) {
        return gate().onGpu("nvmlDeviceGetUtilizationRates", device, gpu -> {
            Arguments.present(utilization);
            GpuState state = gpu.state();
            Utilization.GPU.set(utilization, Math.round(100 * state.utilization()));
            Utilization.MEMORY.set(utilization, Math.round(100 * state.memoryUtilization()));
        });
    }

    @Override
    default int nvmlDeviceGetEncoderUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs) {
        return engine("nvmlDeviceGetEncoderUtilization", device, utilization, samplingPeriodUs);
    }

    @Override
    default int nvmlDeviceGetDecoderUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs) {
        return engine("nvmlDeviceGetDecoderUtilization", device, utilization, samplingPeriodUs);
    }

    @Override
    default int nvmlDeviceGetJpgUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs) {
        return engine("nvmlDeviceGetJpgUtilization", device, utilization, samplingPeriodUs);
    }

    @Override
    default int nvmlDeviceGetOfaUtilization(Pointer device, Pointer utilization, Pointer samplingPeriodUs) {
        return engine("nvmlDeviceGetOfaUtilization", device, utilization, samplingPeriodUs);
    }

    private int engine(String function, Pointer device, Pointer utilization, Pointer samplingPeriodUs) {
        return gate().u32(function, device, utilization, samplingPeriodUs, gpu -> 0, gpu -> SAMPLING_PERIOD_MICROS);
    }

    @Override
    default int nvmlDeviceGetPerformanceState(Pointer device, Pointer pState) {
        return gate().u32("nvmlDeviceGetPerformanceState", device, pState, gpu -> gpu.state()
                .performanceState());
    }
}
