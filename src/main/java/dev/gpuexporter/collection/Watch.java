package dev.gpuexporter.collection;

import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.nvml.EventSet;
import dev.gpuexporter.nvml.Nvml;
import java.time.Duration;
import java.time.Instant;

/**
 * The events of one GPU, asked for again and again. Its worker makes it and may retire it; all the rest happens on the
 * watcher's thread, which alone touches the set.
 */
final class Watch {
    /** How long a wait that failed is not tried again, at first. */
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private static final int MOST_FAILURES = 5;

    private final DeviceIdentity device;
    private final Nvml nvml;
    private final int opening;
    private final EventSet set;
    private final Runnable changed;
    private volatile boolean retired;
    private volatile boolean gone;
    private int failures;
    private Pause pause = Pause.NONE;

    /** @param changed told when the GPU, or what it consists of, is another */
    Watch(DeviceIdentity device, Nvml nvml, EventSet set, Runnable changed) {
        this.device = device;
        this.nvml = nvml;
        this.opening = nvml.openings();
        this.set = set;
        this.changed = changed;
    }

    DeviceIdentity device() {
        return device;
    }

    Nvml nvml() {
        return nvml;
    }

    EventSet set() {
        return set;
    }

    Runnable changed() {
        return changed;
    }

    /** NVML was shut down since: the set is none any more. */
    boolean isVoid() {
        return nvml.openings() != opening;
    }

    /** Takes what is recorded by now and waits no more. */
    void retire() {
        retired = true;
    }

    boolean isRetired() {
        return retired;
    }

    /** The watcher has forgotten it. */
    void end() {
        gone = true;
    }

    boolean isGone() {
        return gone;
    }

    boolean isDue(Instant now) {
        return retired || pause.isOver(now);
    }

    void answered() {
        failures = 0;
        pause = Pause.NONE;
    }

    /** Pauses, longer each time; false once it has failed so often that the set is given up. */
    boolean maySurvive(Instant now) {
        pause = new Pause(now, FIRST_PAUSE.multipliedBy(1L << failures));
        failures++;
        return failures < MOST_FAILURES;
    }
}
