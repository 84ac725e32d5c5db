package dev.gpuexporter.http;

import dev.gpuexporter.attribution.GpuSummary;
import dev.gpuexporter.collection.DeviceReading;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How a GPU is, in words, with what has to be done about it first.
 *
 * @param style of the words: bad where the GPU is not fit for work, warn where it soon may not be, else empty
 */
record StatusPageHealth(String style, String words) {
    private static final String BAD = "bad";
    private static final String WARN = "warn";

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
     * @param heldBack whether its device plugin does not offer it
     * @param xids of the last hour
     */
    static StatusPageHealth of(GpuSummary gpu, DeviceReading device, boolean heldBack, Collection<Integer> xids) {
        if (!device.isUp()) {
            return new StatusPageHealth(BAD, "lost: " + gpu.problem());
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
            return new StatusPageHealth(BAD, String.join("; ", bad));
        }
        if (isSet(device, "gpu_row_remap_pending") || isSet(device, "gpu_retired_pages_pending")) {
            return new StatusPageHealth(WARN, "memory is mended at the next reset");
        }
        if (!xids.isEmpty()) {
            String numbers = xids.stream().map(String::valueOf).collect(Collectors.joining(", "));
            return new StatusPageHealth(WARN, gpu.healthText() + "; Xid " + numbers + " in the last hour");
        }
        return new StatusPageHealth("", gpu.healthText());
    }

    private static boolean isSet(DeviceReading device, String metric) {
        return device.value(metric).orElse(0) == 1;
    }

    boolean isBad() {
        return style.equals(BAD);
    }
}
