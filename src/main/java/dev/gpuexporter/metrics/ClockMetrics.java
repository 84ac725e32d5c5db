package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.CLOCKS;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** How fast a GPU's clocks run, and what holds them back. */
final class ClockMetrics {
    private static final Map<Integer, String> CLOCKS_BY_TYPE = new LinkedHashMap<>();
    private static final Map<Long, String> REASONS_BY_BIT = new LinkedHashMap<>();
    private static final Map<String, HeldBack> HELD_BACK = new LinkedHashMap<>();
    private static final HeldBack THERMAL = new HeldBack(NVML_FI_DEV_PERF_POLICY_THERMAL, NVML_PERF_POLICY_THERMAL);

    static {
        CLOCKS_BY_TYPE.put(NVML_CLOCK_GRAPHICS, "graphics");
        CLOCKS_BY_TYPE.put(NVML_CLOCK_SM, "sm");
        CLOCKS_BY_TYPE.put(NVML_CLOCK_MEM, "memory");
        CLOCKS_BY_TYPE.put(NVML_CLOCK_VIDEO, "video");
        HELD_BACK.put("sw_power_cap", new HeldBack(NVML_FI_DEV_PERF_POLICY_POWER, NVML_PERF_POLICY_POWER));
        HELD_BACK.put("sync_boost", new HeldBack(NVML_FI_DEV_PERF_POLICY_SYNC_BOOST, NVML_PERF_POLICY_SYNC_BOOST));
        HELD_BACK.put("board_limit", new HeldBack(NVML_FI_DEV_PERF_POLICY_BOARD_LIMIT, NVML_PERF_POLICY_BOARD_LIMIT));
        HELD_BACK.put(
                "low_utilization",
                new HeldBack(NVML_FI_DEV_PERF_POLICY_LOW_UTILIZATION, NVML_PERF_POLICY_LOW_UTILIZATION));
        HELD_BACK.put("reliability", new HeldBack(NVML_FI_DEV_PERF_POLICY_RELIABILITY, NVML_PERF_POLICY_RELIABILITY));
        REASONS_BY_BIT.put(0x1L, "gpu_idle");
        REASONS_BY_BIT.put(0x2L, "applications_clocks_setting");
        REASONS_BY_BIT.put(0x4L, "sw_power_cap");
        REASONS_BY_BIT.put(0x8L, "hw_slowdown");
        REASONS_BY_BIT.put(0x10L, "sync_boost");
        REASONS_BY_BIT.put(0x20L, "sw_thermal_slowdown");
        REASONS_BY_BIT.put(0x40L, "hw_thermal_slowdown");
        REASONS_BY_BIT.put(0x80L, "hw_power_brake_slowdown");
        REASONS_BY_BIT.put(0x100L, "display_clock_setting");
    }

    static final List<GpuMetric> ALL = List.of(
            gauge(CLOCKS, "gpu_clock_hertz", "Frequency of a clock at the moment it was asked.")
                    .labels("clock")
                    .withOwner()
                    .from("nvmlDeviceGetClockInfo")
                    .read((device, out) -> {
                        for (Map.Entry<Integer, String> clock : CLOCKS_BY_TYPE.entrySet()) {
                            out.add(device.clocks().hertz(clock.getKey()), clock.getValue());
                        }
                    }),
            gauge(CLOCKS, "gpu_clock_max_hertz", "Highest frequency that a clock can run at.")
                    .labels("clock")
                    .from("nvmlDeviceGetMaxClockInfo")
                    .read((device, out) -> {
                        for (Map.Entry<Integer, String> clock : CLOCKS_BY_TYPE.entrySet()) {
                            out.add(device.clocks().maxHertz(clock.getKey()), clock.getValue());
                        }
                    }),
            gauge(
                            CLOCKS,
                            "gpu_clock_application_hertz",
                            "Frequency of a clock that applications are to run at, as set or by default.")
                    .labels("clock")
                    .from("nvmlDeviceGetApplicationsClock")
                    .needs("data-centre GPUs")
                    .read((device, out) -> {
                        out.add(device.clocks().applicationHertz(NVML_CLOCK_SM), "sm");
                        out.add(device.clocks().applicationHertz(NVML_CLOCK_MEM), "memory");
                    }),
            gauge(
                            CLOCKS,
                            "gpu_clock_event_active",
                            "Whether a reason holds the clocks where they are at the moment (1) or not (0), as the driver flags them: hw_slowdown covers the two hardware causes.")
                    .labels("reason")
                    .from("nvmlDeviceGetCurrentClocksEventReasons, nvmlDeviceGetSupportedClocksEventReasons")
                    .read(ClockMetrics::eventReasons),
            counter(
                            CLOCKS,
                            "gpu_clock_event_seconds_total",
                            "Time for which a reason held the clocks down since the driver was loaded; thermal where the driver does not tell its kinds apart.")
                    .labels("reason")
                    .from("NVML_FI_DEV_PERF_POLICY_…, NVML_FI_DEV_CLOCKS_EVENT_REASON_…, nvmlDeviceGetViolationStatus")
                    .needs("thermal kinds and power brake: driver 575")
                    .fields(
                            NVML_FI_DEV_PERF_POLICY_POWER,
                            NVML_FI_DEV_PERF_POLICY_THERMAL,
                            NVML_FI_DEV_PERF_POLICY_SYNC_BOOST,
                            NVML_FI_DEV_PERF_POLICY_BOARD_LIMIT,
                            NVML_FI_DEV_PERF_POLICY_LOW_UTILIZATION,
                            NVML_FI_DEV_PERF_POLICY_RELIABILITY,
                            NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN,
                            NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN,
                            NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN)
                    .read(ClockMetrics::eventSeconds),
            below(
                    "gpu_clock_below_application_seconds_total",
                    "Time for which the clocks were held below those of applications, whatever the reason, since the driver was loaded.",
                    "NVML_FI_DEV_PERF_POLICY_TOTAL_APP_CLOCKS",
                    new HeldBack(NVML_FI_DEV_PERF_POLICY_TOTAL_APP_CLOCKS, NVML_PERF_POLICY_TOTAL_APP_CLOCKS)),
            below(
                    "gpu_clock_below_base_seconds_total",
                    "Time for which the clocks were held below the base clocks, whatever the reason, since the driver was loaded.",
                    "NVML_FI_DEV_PERF_POLICY_TOTAL_BASE_CLOCKS",
                    new HeldBack(NVML_FI_DEV_PERF_POLICY_TOTAL_BASE_CLOCKS, NVML_PERF_POLICY_TOTAL_BASE_CLOCKS)));

    private ClockMetrics() {}

    /** What the driver counts the time of: as a field value and, before those, by a call. */
    private record HeldBack(int field, int policy) {
        OptionalDouble seconds(NvmlDevice device) throws NvmlException {
            OptionalDouble nanoseconds = device.field(field);
            return nanoseconds.isPresent()
                    ? OptionalDouble.of(nanoseconds.getAsDouble() / 1e9)
                    : device.clocks().violationSeconds(policy);
        }
    }

    /** Of all reasons together: no part of the family that tells them apart. */
    private static GpuMetric below(String name, String help, String field, HeldBack heldBack) {
        return counter(CLOCKS, name, help)
                .from(field + ", nvmlDeviceGetViolationStatus")
                .fields(heldBack.field())
                .read((device, out) -> out.add(heldBack.seconds(device)));
    }

    private static void eventReasons(NvmlDevice device, Samples out) throws NvmlException {
        Optional<Long> active = device.clocks().eventReasons();
        if (active.isEmpty()) {
            return;
        }
        long supported = device.clocks().eventReasonsSupported().orElse(active.get());
        REASONS_BY_BIT.forEach((bit, reason) -> {
            if ((supported & bit) != 0) {
                out.add((active.get() & bit) != 0 ? 1 : 0, reason);
            }
        });
    }

    /** The kinds of thermal slowdown, or their sum: never both. */
    private static void eventSeconds(NvmlDevice device, Samples out) throws NvmlException {
        for (Map.Entry<String, HeldBack> reason : HELD_BACK.entrySet()) {
            out.add(reason.getValue().seconds(device), reason.getKey());
        }
        OptionalDouble software = nanoseconds(device, NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN);
        OptionalDouble hardware = nanoseconds(device, NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN);
        if (software.isPresent() && hardware.isPresent()) {
            out.add(software, "sw_thermal_slowdown");
            out.add(hardware, "hw_thermal_slowdown");
        } else {
            out.add(THERMAL.seconds(device), "thermal");
        }
        out.add(
                nanoseconds(device, NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN),
                "hw_power_brake_slowdown");
    }

    private static OptionalDouble nanoseconds(NvmlDevice device, int field) throws NvmlException {
        OptionalDouble nanoseconds = device.field(field);
        return nanoseconds.isPresent() ? OptionalDouble.of(nanoseconds.getAsDouble() / 1e9) : nanoseconds;
    }
}
