package dev.gpuexporter.nvml;

import dev.gpuexporter.nvml.NvmlStructs.ViolationTime;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/** How fast a GPU's clocks run, and what holds them back. */
public final class Clocks {
    private static final DoubleUnaryOperator MEGA = value -> value * 1e6;

    private final NvmlLibrary nvml;
    private final DeviceCalls calls;

    Clocks(NvmlLibrary nvml, DeviceCalls calls) {
        this.nvml = nvml;
        this.calls = calls;
    }

    /** One of {@code NVML_CLOCK_…}. */
    public OptionalDouble hertz(int clock) throws NvmlException {
        return calls.u32(
                "nvmlDeviceGetClockInfo(" + clock,
                (device, out) -> nvml.nvmlDeviceGetClockInfo(device, clock, out),
                MEGA);
    }

    public OptionalDouble maxHertz(int clock) throws NvmlException {
        return calls.ofItsMake()
                .u32(
                        "nvmlDeviceGetMaxClockInfo(" + clock,
                        (device, out) -> nvml.nvmlDeviceGetMaxClockInfo(device, clock, out),
                        MEGA);
    }

    /** What an administrator has asked for, or the default; {@code NVML_CLOCK_SM} or {@code NVML_CLOCK_MEM}. */
    public OptionalDouble applicationHertz(int clock) throws NvmlException {
        return calls.u32(
                "nvmlDeviceGetApplicationsClock(" + clock,
                (device, out) -> nvml.nvmlDeviceGetApplicationsClock(device, clock, out),
                MEGA);
    }

    /** Why the clocks are where they are: bits of {@code nvmlClocksEventReasons}. */
    public Optional<Long> eventReasons() throws NvmlException {
        return bits(
                calls,
                "nvmlDeviceGetCurrentClocksEventReasons",
                nvml::nvmlDeviceGetCurrentClocksEventReasons,
                "nvmlDeviceGetCurrentClocksThrottleReasons",
                nvml::nvmlDeviceGetCurrentClocksThrottleReasons);
    }

    /** Which reasons this GPU can give. */
    public Optional<Long> eventReasonsSupported() throws NvmlException {
        return bits(
                calls.ofItsMake(),
                "nvmlDeviceGetSupportedClocksEventReasons",
                nvml::nvmlDeviceGetSupportedClocksEventReasons,
                "nvmlDeviceGetSupportedClocksThrottleReasons",
                nvml::nvmlDeviceGetSupportedClocksThrottleReasons);
    }

    /** Time below the wanted clocks for one of {@code NVML_PERF_POLICY_…}; the driver's unit is nanoseconds. */
    public OptionalDouble violationSeconds(int policy) throws NvmlException {
        Optional<Long> nanoseconds = calls.struct(
                "nvmlDeviceGetViolationStatus(" + policy,
                ViolationTime.LAYOUT,
                (device, out) -> nvml.nvmlDeviceGetViolationStatus(device, policy, out),
                ViolationTime.VIOLATION_TIME::u64);
        return nanoseconds.isPresent() ? OptionalDouble.of(nanoseconds.get() / 1e9) : OptionalDouble.empty();
    }

    private static Optional<Long> bits(
            DeviceCalls calls,
            String question,
            DeviceCalls.OneOut call,
            String olderQuestion,
            DeviceCalls.OneOut olderCall)
            throws NvmlException {
        OptionalDouble bits = calls.u64(question, call);
        OptionalDouble answer = bits.isPresent() ? bits : calls.u64(olderQuestion, olderCall);
        return answer.isPresent() ? Optional.of((long) answer.getAsDouble()) : Optional.empty();
    }
}
