package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.counter;
import static dev.gpuexporter.exposition.dcgm.DcgmField.gauge;

import dev.gpuexporter.collection.Occurrences;
import dev.gpuexporter.exposition.dcgm.HealthWatch.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What DCGM's exporter makes up by itself; DCGM has no numbers for it. */
final class SyntheticFields {
    /** DCGM's words by ours. */
    private static final Map<String, String> CLOCK_EVENTS = Map.of(
            "gpu_idle", "gpu_idle",
            "applications_clocks_setting", "clocks_setting",
            "sw_power_cap", "power_cap",
            "hw_slowdown", "hw_slowdown",
            "sync_boost", "sync_boost",
            "sw_thermal_slowdown", "sw_thermal",
            "hw_thermal_slowdown", "hw_thermal",
            "hw_power_brake_slowdown", "hw_power_brake",
            "display_clock_setting", "display_clocks");

    private static final String WINDOW = "window_size_in_ms";

    private SyntheticFields() {}

    /** Counted over these. */
    static List<DcgmField> over(Duration xidWindow, Duration clockEventWindow) {
        return List.of(
                gauge(
                        0,
                        "DCGM_EXP_XID_ERRORS_COUNT",
                        "Xids that came within the window.",
                        entity -> xidsWithin(entity, xidWindow)),
                counter(
                        0,
                        "DCGM_EXP_XID_ERRORS_TOTAL",
                        "Xids that came since the exporter started.",
                        SyntheticFields::xids),
                gauge(
                        0,
                        "DCGM_EXP_CLOCK_EVENTS_COUNT",
                        "Polls within the window that found a reason hold the clocks.",
                        entity -> clockEventsWithin(entity, clockEventWindow)),
                counter(
                        0,
                        "DCGM_EXP_CLOCK_EVENTS_TOTAL",
                        "Polls that found a reason hold the clocks.",
                        SyntheticFields::clockEvents),
                gauge(
                        0,
                        "DCGM_EXP_GPU_HEALTH_STATUS",
                        "Health by area: 0 passed, 10 a warning, 20 a failure.",
                        SyntheticFields::health),
                FabricFields.P2P_STATUS);
    }

    private static List<DcgmSample> xidsWithin(DcgmEntity entity, Duration window) {
        List<DcgmSample> samples = new ArrayList<>();
        entity.recent()
                .xids()
                .forEach((xid, count) -> samples.add(DcgmSample.of(
                        Map.of("xid", Integer.toString(xid), WINDOW, millis(window)), Long.toString(count))));
        return samples;
    }

    private static List<DcgmSample> xids(DcgmEntity entity) {
        List<DcgmSample> samples = new ArrayList<>();
        for (Map.Entry<Integer, Occurrences> xid : entity.gpu().history().xids().entrySet()) {
            samples.add(DcgmSample.of(
                    Map.of("xid", Integer.toString(xid.getKey())),
                    Long.toString(xid.getValue().count())));
        }
        return samples;
    }

    private static List<DcgmSample> clockEventsWithin(DcgmEntity entity, Duration window) {
        List<DcgmSample> samples = new ArrayList<>();
        entity.recent()
                .clockEvents()
                .forEach((event, count) -> samples.add(DcgmSample.of(
                        Map.of("clock_event", CLOCK_EVENTS.get(event), WINDOW, millis(window)), Long.toString(count))));
        return samples;
    }

    private static List<DcgmSample> clockEvents(DcgmEntity entity) {
        List<DcgmSample> samples = new ArrayList<>();
        entity.recent()
                .clockEventTotals()
                .forEach((event, count) -> samples.add(
                        DcgmSample.of(Map.of("clock_event", CLOCK_EVENTS.get(event)), Long.toString(count))));
        return samples;
    }

    private static List<DcgmSample> health(DcgmEntity entity) {
        List<DcgmSample> samples = new ArrayList<>();
        List<Finding> all = new ArrayList<>();
        for (HealthWatch watch : HealthWatch.values()) {
            watch.look(entity).ifPresent(finding -> {
                all.add(finding);
                samples.add(health(watch.name(), finding));
            });
        }
        samples.add(health("ALL", HealthWatch.worst(all)));
        return samples;
    }

    private static DcgmSample health(String watch, Finding finding) {
        return DcgmSample.of(
                Map.of("health_watch", watch, "health_error_code", finding.code()), Integer.toString(finding.status()));
    }

    private static String millis(Duration window) {
        return Long.toString(window.toMillis());
    }
}
