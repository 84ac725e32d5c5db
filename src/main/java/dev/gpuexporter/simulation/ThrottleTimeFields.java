package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_PERF_POLICY_POWER;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_PERF_POLICY_RELIABILITY;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_PERF_POLICY_TOTAL_APP_CLOCKS;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_PERF_POLICY_TOTAL_BASE_CLOCKS;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_PERF_POLICY_TOTAL_APP_CLOCKS;

/**
 * The fields that say how long clocks were held down, nanoseconds. Three of them moved: they were 251–253 in 575 and
 * the first 580, are 269–271 since, and older drivers have none.
 */
final class ThrottleTimeFields {
    private static final int FIRST_EARLY_REASON = 251;
    private static final int EARLY_MAJOR = 575;
    private static final int MOVED_MAJOR = 580;

    /** Where within 580 they moved is not known; its first production release is taken. */
    private static final int MOVED_MINOR = 65;

    private final int firstReason;

    ThrottleTimeFields(String driverVersion) {
        String[] parts = driverVersion.split("\\.");
        int major = Integer.parseInt(parts[0]);
        int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        if (major < EARLY_MAJOR) {
            firstReason = 0;
        } else if (major < MOVED_MAJOR || major == MOVED_MAJOR && minor < MOVED_MINOR) {
            firstReason = FIRST_EARLY_REASON;
        } else {
            firstReason = NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN;
        }
    }

    boolean has(int field) {
        return field >= NVML_FI_DEV_PERF_POLICY_POWER && field <= NVML_FI_DEV_PERF_POLICY_TOTAL_BASE_CLOCKS
                || isReason(field);
    }

    private boolean isReason(int field) {
        int reasons = 1
                + NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN
                - NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN;
        return firstReason != 0 && field >= firstReason && field < firstReason + reasons;
    }

    /** It is always software that answers heat; the policies are numbered as fields with a gap after six. */
    long nanos(int field, GpuState.Counters counters) throws Refusal {
        if (isReason(field)) {
            return switch (field - firstReason) {
                case 0 -> counters.thermalNanos();
                case 2 -> counters.powerBrakeNanos();
                default -> 0;
            };
        }
        int policy = field <= NVML_FI_DEV_PERF_POLICY_RELIABILITY
                ? field - NVML_FI_DEV_PERF_POLICY_POWER
                : field - NVML_FI_DEV_PERF_POLICY_TOTAL_APP_CLOCKS + NVML_PERF_POLICY_TOTAL_APP_CLOCKS;
        return ClockCalls.violationNanos(counters, policy);
    }
}
