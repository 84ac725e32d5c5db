package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlConstants;
import dev.gpuexporter.nvml.NvmlStructs.ViolationTime;

/** Clocks, MHz, and what stands in their way. */
interface ClockCalls extends SystemCalls {
    long SUPPORTED_REASONS = 0x1FF;

    @Override
    default int nvmlDeviceGetClockInfo(Pointer device, int type, Pointer clock) {
        return gate().u32(
                        "nvmlDeviceGetClockInfo",
                        device,
                        clock,
                        gpu -> megahertz(gpu.state().clocks(), type));
    }

    @Override
    default int nvmlDeviceGetMaxClockInfo(Pointer device, int type, Pointer clock) {
        return gate().u32(
                        "nvmlDeviceGetMaxClockInfo",
                        device,
                        clock,
                        gpu -> megahertz(gpu.model().maxClocks(), type));
    }

    /** The highest, which nobody has lowered; those of real cards are in no record. */
    @Override
    default int nvmlDeviceGetApplicationsClock(Pointer device, int clockType, Pointer clockMHz) {
        return gate().u32("nvmlDeviceGetApplicationsClock", device, clockMHz, gpu -> {
            gpu.model().require(GpuModel.Feature.APPLICATION_CLOCKS);
            return megahertz(gpu.model().maxClocks(), clockType);
        });
    }

    private static int megahertz(GpuModel.Clocks clocks, int type) throws Refusal {
        return switch (type) {
            case NvmlConstants.NVML_CLOCK_GRAPHICS, NvmlConstants.NVML_CLOCK_SM -> clocks.graphics();
            case NvmlConstants.NVML_CLOCK_MEM -> clocks.memory();
            case NvmlConstants.NVML_CLOCK_VIDEO -> clocks.video();
            default -> throw Refusal.invalidArgument();
        };
    }

    @Override
    default int nvmlDeviceGetCurrentClocksEventReasons(Pointer device, Pointer clocksEventReasons) {
        return reasons("nvmlDeviceGetCurrentClocksEventReasons", device, clocksEventReasons);
    }

    @Override
    default int nvmlDeviceGetCurrentClocksThrottleReasons(Pointer device, Pointer clocksThrottleReasons) {
        return reasons("nvmlDeviceGetCurrentClocksThrottleReasons", device, clocksThrottleReasons);
    }

    private int reasons(String function, Pointer device, Pointer reasons) {
        return gate().u64(function, device, reasons, gpu -> gpu.state().clocksEventReasons());
    }

    @Override
    default int nvmlDeviceGetSupportedClocksEventReasons(Pointer device, Pointer supportedClocksEventReasons) {
        return gate().u64(
                        "nvmlDeviceGetSupportedClocksEventReasons",
                        device,
                        supportedClocksEventReasons,
                        gpu -> SUPPORTED_REASONS);
    }

    @Override
    default int nvmlDeviceGetSupportedClocksThrottleReasons(Pointer device, Pointer supportedClocksThrottleReasons) {
        return gate().u64(
                        "nvmlDeviceGetSupportedClocksThrottleReasons",
                        device,
                        supportedClocksThrottleReasons,
                        gpu -> SUPPORTED_REASONS);
    }

    /** The reference is microseconds since 1970, the violation nanoseconds. */
    @Override
    default int nvmlDeviceGetViolationStatus(Pointer device, int perfPolicyType, Pointer violTime) {
        return gate().onGpu("nvmlDeviceGetViolationStatus", device, gpu -> {
            Arguments.present(violTime);
            ViolationTime.REFERENCE_TIME.set(violTime, gate().node().nowMicros());
            ViolationTime.VIOLATION_TIME.set(
                    violTime, violationNanos(gpu.state().counters(), perfPolicyType));
        });
    }

    /** Nanoseconds below the clocks that one policy stood in the way of. */
    static long violationNanos(GpuState.Counters counters, int policy) throws Refusal {
        return switch (policy) {
            case NvmlConstants.NVML_PERF_POLICY_POWER, NvmlConstants.NVML_PERF_POLICY_TOTAL_APP_CLOCKS ->
                counters.powerCapNanos();
            case NvmlConstants.NVML_PERF_POLICY_THERMAL -> counters.thermalNanos();
            case NvmlConstants.NVML_PERF_POLICY_LOW_UTILIZATION -> counters.idleNanos();
            case NvmlConstants.NVML_PERF_POLICY_SYNC_BOOST,
                    NvmlConstants.NVML_PERF_POLICY_BOARD_LIMIT,
                    NvmlConstants.NVML_PERF_POLICY_RELIABILITY,
                    NvmlConstants.NVML_PERF_POLICY_TOTAL_BASE_CLOCKS -> 0;
            default -> throw Refusal.invalidArgument();
        };
    }
}
