package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceHistory;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.metrics.XidCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a GPU is.
 *
 * @param words what has to be done about it, where something has; for how long it has been idle
 */
public record Condition(State state, String words) {

    /** From the best to the worst. */
    public enum State {
        OK,
        IDLE,
        /** It works, and may soon not. */
        WARN,
        /** It answers, and is not fit for work. */
        BAD,
        LOST;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** By the value of {@code gpu_recovery_action}, from 1. */
    private static final List<String> MENDED_BY = List.of(
            "reset the GPU",
            "reboot the node",
            "drain peer-to-peer traffic",
            "drain the GPU and reset it",
            "recover the IMEX domain",
            "reset the bus",
            "reboot the system");

    /**
     * Of one GPU.
     *
     * @param now when it was read
     * @param heldBack whether its device plugin does not offer it
     * @param xids of the last hour
     */
    static Condition of(DeviceReading device, Instant now, boolean heldBack, Collection<Integer> xids) {
        if (!device.isUp()) {
            return new Condition(State.LOST, why(device));
        }
        List<String> bad = new ArrayList<>();
        if (isSet(device, "gpu_row_remap_failed") || isSet(device, "gpu_ecc_sram_threshold_exceeded")) {
            bad.add("replace the GPU, its memory is worn out");
        }
        int action = (int) device.value("gpu_recovery_action").orElse(0);
        if (action > 0) {
            bad.add(action <= MENDED_BY.size() ? MENDED_BY.get(action - 1) : "recovery action " + action);
        }
        if (heldBack) {
            bad.add("the device plugin does not offer it");
        }
        if (!bad.isEmpty()) {
            return new Condition(State.BAD, String.join("; ", bad));
        }
        if (isSet(device, "gpu_row_remap_pending") || isSet(device, "gpu_retired_pages_pending")) {
            return new Condition(State.WARN, "memory is mended at the next reset");
        }
        if (!xids.isEmpty()) {
            return new Condition(
                    State.WARN,
                    xids.stream().map(String::valueOf).collect(Collectors.joining(", ", "Xid ", " in the last hour")));
        }
        return device.value("gpu_utilization_ratio").orElse(1) == 0
                ? new Condition(State.IDLE, "idle" + idleFor(device.history(), now))
                : new Condition(State.OK, "ok");
    }

    private static boolean isSet(DeviceReading device, String metric) {
        return device.value(metric).orElse(0) == 1;
    }

    /** An Xid that came with it says more than the call that failed. */
    private static String why(DeviceReading device) {
        return device.history()
                .lastXid(number -> XidCatalog.xid(number).action().isAboutTheGpu())
                .map(XidCatalog::xid)
                .map(xid -> "Xid " + xid.number() + ": " + xid.name() + "; "
                        + xid.action().words())
                .or(device::problem)
                .orElse("");
    }

    /** Exact where the GPU was seen busy, else since we first saw it; nothing under a minute. */
    private static String idleFor(DeviceHistory history, Instant now) {
        Optional<Instant> since = history.lastActive().or(history::since);
        Duration idle = Duration.between(since.orElse(now), now);
        if (idle.toMinutes() == 0) {
            return "";
        }
        return (history.lastActive().isPresent() ? " " : " > ") + spoken(idle);
    }

    /** In the largest unit that is full. */
    private static String spoken(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + " d";
        }
        return duration.toHours() > 0 ? duration.toHours() + " h" : duration.toMinutes() + " min";
    }

    public boolean isLost() {
        return state == State.LOST;
    }

    /** Whether nothing should run on it. */
    public boolean isBad() {
        return state.compareTo(State.BAD) >= 0;
    }

    /** What is wrong with it, and what to do; empty where nothing is. */
    public String problem() {
        return state.compareTo(State.WARN) >= 0 ? words : "";
    }
}
