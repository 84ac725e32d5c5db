package dev.gpuexporter.collection;

import dev.gpuexporter.nvml.EventSet;
import dev.gpuexporter.nvml.Nvml;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.NvmlReturn.Kind;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that one GPU's events are recorded and asked for, on the thread of its worker: who loses the GPU and
 * finds it again records anew.
 */
final class EventRegistration {
    /** A GPU whose events cannot be recorded is left alone for this long, and for an hour where it has none. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    private static final Duration RETRY_UNSUPPORTED = Duration.ofHours(1);

    private final Nvml nvml;
    private final EventWatcher watcher;
    private final ReadingErrors errors;
    private final Runnable changed;
    private volatile Watch watch;
    private long notBeforeNanos = System.nanoTime();

    EventRegistration(Nvml nvml, EventWatcher watcher, ReadingErrors errors, Runnable changed) {
        this.nvml = nvml;
        this.watcher = watcher;
        this.errors = errors;
        this.changed = changed;
    }

    /** What was recorded until now is still taken. From any thread. */
    void retire() {
        Watch known = watch;
        if (known != null) {
            known.retire();
        }
    }

    /**
     * Records the GPU's events where nobody does yet.
     *
     * @throws NvmlException where the GPU or the driver answers no more
     */
    void keep(NvmlDevice device) throws NvmlException {
        boolean watched = watch != null && !watch.isGone(); // were it not emptied first, it would tell things twice
        if (watched || System.nanoTime() - notBeforeNanos < 0) {
            return;
        }
        try {
            long types = device.events().supportedTypes() & EventKind.WANTED;
            if (types == 0) {
                leaveAlone(RETRY_UNSUPPORTED);
                return;
            }
            EventSet set = device.events().register(types);
            watch = new Watch(device.identity(), nvml, set, changed);
            watcher.add(watch, types);
        } catch (NvmlException e) {
            if (e.kind() == Kind.GPU_LOST || e.kind() == Kind.DRIVER_GONE) {
                throw e;
            }
            if (e.kind() == Kind.UNSUPPORTED) {
                leaveAlone(RETRY_UNSUPPORTED);
                return;
            }
            leaveAlone(RETRY);
            errors.countAndSay(device.identity().toString(), e, "its events are not seen");
        }
    }

    private void leaveAlone(Duration time) {
        notBeforeNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(time.toSeconds());
    }
}
