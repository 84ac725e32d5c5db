package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.counter;
import static dev.gpuexporter.exposition.dcgm.DcgmField.gauge;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.MEBI;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.decimal;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.truncated;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.whole;

import dev.gpuexporter.metrics.Sample;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** How fast a GPU is, how warm and how hungry, and how the host reaches its memory. */
final class DeviceFields {
    private static final double MEGA = 1e-6;
    private static final double PERCENT = 100;

    /** A threshold above is none. */
    private static final double HOTTEST = 200;

    /** The driver's bit for each reason. */
    private static final Map<String, Integer> EVENT_BITS = Map.of(
            "gpu_idle", 0x1,
            "applications_clocks_setting", 0x2,
            "sw_power_cap", 0x4,
            "hw_slowdown", 0x8,
            "sync_boost", 0x10,
            "sw_thermal_slowdown", 0x20,
            "hw_thermal_slowdown", 0x40,
            "hw_power_brake_slowdown", 0x80,
            "display_clock_setting", 0x100);

    private static final String EVENTS_HELP = "Bit mask of what holds the clocks where they are.";

    static final List<DcgmField> ALL = List.of(
            gauge(
                    90,
                    "DCGM_FI_DEV_BAR1_TOTAL",
                    "Size of the window through which the host reaches device memory (in MiB).",
                    truncated(MEBI, entity -> entity.own("bar1_memory_total_bytes"))),
            gauge(
                    92,
                    "DCGM_FI_DEV_BAR1_USED",
                    "How much of the window to device memory is mapped (in MiB).",
                    truncated(MEBI, entity -> entity.own("bar1_memory_used_bytes"))),
            gauge(
                    93,
                    "DCGM_FI_DEV_BAR1_FREE",
                    "How much of the window to device memory is not mapped (in MiB).",
                    truncated(MEBI, DeviceFields::bar1Free)),
            clock(100, "DCGM_FI_DEV_SM_CLOCK", "Clock of the multiprocessors (in MHz).", "gpu_clock_hertz", "sm"),
            clock(101, "DCGM_FI_DEV_MEM_CLOCK", "Clock of the device memory (in MHz).", "gpu_clock_hertz", "memory"),
            clock(102, "DCGM_FI_DEV_VIDEO_CLOCK", "Clock of the video engines (in MHz).", "gpu_clock_hertz", "video"),
            clock(
                    110,
                    "DCGM_FI_DEV_APP_SM_CLOCK",
                    "Clock of the multiprocessors that applications are to run at (in MHz).",
                    "gpu_clock_application_hertz",
                    "sm"),
            clock(
                    111,
                    "DCGM_FI_DEV_APP_MEM_CLOCK",
                    "Clock of the device memory that applications are to run at (in MHz).",
                    "gpu_clock_application_hertz",
                    "memory"),
            gauge(112, "DCGM_FI_DEV_CLOCKS_EVENT_REASONS", EVENTS_HELP, whole(DeviceFields::events)),
            gauge(112, "DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", EVENTS_HELP, whole(DeviceFields::events)),
            clock(
                    113,
                    "DCGM_FI_DEV_MAX_SM_CLOCK",
                    "Highest clock of the multiprocessors (in MHz).",
                    "gpu_clock_max_hertz",
                    "sm"),
            clock(
                    114,
                    "DCGM_FI_DEV_MAX_MEM_CLOCK",
                    "Highest clock of the device memory (in MHz).",
                    "gpu_clock_max_hertz",
                    "memory"),
            clock(
                    115,
                    "DCGM_FI_DEV_MAX_VIDEO_CLOCK",
                    "Highest clock of the video engines (in MHz).",
                    "gpu_clock_max_hertz",
                    "video"),
            gauge(
                    140,
                    "DCGM_FI_DEV_MEMORY_TEMP",
                    "Temperature of the device memory (in C).",
                    whole(entity -> entity.value("gpu_temperature_celsius", "memory"))),
            gauge(
                    150,
                    "DCGM_FI_DEV_GPU_TEMP",
                    "Temperature of the GPU (in C).",
                    whole(entity -> entity.value("gpu_temperature_celsius", "gpu"))),
            threshold(151, "DCGM_FI_DEV_MEM_MAX_OP_TEMP", "memory_max", "Highest temperature for the memory (in C)."),
            threshold(152, "DCGM_FI_DEV_GPU_MAX_OP_TEMP", "gpu_max", "Highest temperature for the GPU (in C)."),
            gauge(
                    153,
                    "DCGM_FI_DEV_GPU_TEMP_LIMIT",
                    "How far the GPU is below the temperature at which it slows down (in C).",
                    whole(entity -> entity.value("gpu_temperature_margin_celsius"))),
            gauge(
                    155,
                    "DCGM_FI_DEV_POWER_USAGE",
                    "Power that the board draws (in W).",
                    decimal(entity -> entity.value("gpu_power_draw_watts"))),
            counter(
                    156,
                    "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION",
                    "Energy that the board has drawn since the driver was loaded (in mJ).",
                    whole(1000, entity -> entity.value("gpu_energy_joules_total"))),
            gauge(
                    157,
                    "DCGM_FI_DEV_POWER_USAGE_INSTANT",
                    "Power that the board draws at this moment (in W).",
                    decimal(entity -> entity.value("gpu_power_draw_instant_watts"))),
            threshold(158, "DCGM_FI_DEV_SLOWDOWN_TEMP", "slowdown", "Temperature at which the GPU slows down (in C)."),
            threshold(159, "DCGM_FI_DEV_SHUTDOWN_TEMP", "shutdown", "Temperature at which the GPU shuts down (in C)."),
            limit(160, "DCGM_FI_DEV_POWER_MGMT_LIMIT", "set", "Power limit that is set (in W)."),
            limit(161, "DCGM_FI_DEV_POWER_MGMT_LIMIT_MIN", "minimum", "Lowest power limit that may be set (in W)."),
            limit(162, "DCGM_FI_DEV_POWER_MGMT_LIMIT_MAX", "maximum", "Highest power limit that may be set (in W)."),
            limit(163, "DCGM_FI_DEV_POWER_MGMT_LIMIT_DEF", "default", "Power limit as the factory set it (in W)."),
            limit(164, "DCGM_FI_DEV_ENFORCED_POWER_LIMIT", "enforced", "Lowest of all power limits in force (in W)."),
            gauge(
                    190,
                    "DCGM_FI_DEV_PSTATE",
                    "Performance state, from 0 (fastest) to 15.",
                    whole(entity -> entity.value("gpu_performance_state"))),
            gauge(
                    191,
                    "DCGM_FI_DEV_FAN_SPEED",
                    "Intended speed of the first fan (in %).",
                    whole(PERCENT, entity -> entity.value("gpu_fan_speed_ratio", "0"))));

    private DeviceFields() {}

    private static DcgmField clock(int number, String name, String help, String metric, String clock) {
        return gauge(number, name, help, whole(MEGA, entity -> entity.value(metric, clock)));
    }

    private static DcgmField threshold(int number, String name, String threshold, String help) {
        return gauge(number, name, help, whole(entity -> {
            OptionalDouble celsius = entity.value("gpu_temperature_threshold_celsius", threshold);
            return celsius.orElse(0) > HOTTEST ? OptionalDouble.empty() : celsius;
        }));
    }

    private static DcgmField limit(int number, String name, String limit, String help) {
        return gauge(number, name, help, truncated(1, entity -> entity.value("gpu_power_limit_watts", limit)));
    }

    private static OptionalDouble bar1Free(DcgmEntity entity) {
        OptionalDouble total = entity.own("bar1_memory_total_bytes");
        OptionalDouble used = entity.own("bar1_memory_used_bytes");
        return total.isPresent() && used.isPresent()
                ? OptionalDouble.of(total.getAsDouble() - used.getAsDouble())
                : OptionalDouble.empty();
    }

    /** Those bits that have a name; the driver may have set others. */
    private static OptionalDouble events(DcgmEntity entity) {
        List<Sample> events = entity.all("gpu_clock_event_active");
        return events.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(events.stream()
                        .filter(event -> event.value() == 1)
                        .mapToInt(
                                event -> EVENT_BITS.getOrDefault(event.labels().get(0), 0))
                        .sum());
    }
}
