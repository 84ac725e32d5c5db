package dev.gpuexporter.collection;

import dev.gpuexporter.metrics.Xid;
import dev.gpuexporter.metrics.XidCatalog;
import dev.gpuexporter.nvml.Nvml;
import dev.gpuexporter.nvml.NvmlEvent;
import dev.gpuexporter.nvml.NvmlException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the GPUs tell of on their own, one after the other, on a daemon thread of its own: a call that hangs holds
 * up no poll. It waits for nothing inside NVML: the driver keeps what comes in between, and NVML can be let go of.
 */
public final class EventWatcher {
    private static final Logger log = LoggerFactory.getLogger(EventWatcher.class);

    private static final Duration ROUND = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 256;
    private static final Duration SAY_AGAIN = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Consumer<GpuEvent> listener;
    private final EventLog counts;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private Thread thread;
    private volatile boolean stopped;

    /**
     * @param xids those that are counted from 0 on
     * @param listener told of every event, on the watcher's thread
     */
    public EventWatcher(InstantSource clock, List<Integer> xids, Consumer<GpuEvent> listener) {
        this.clock = clock;
        this.listener = listener;
        this.counts = new EventLog(xids);
    }

    /** What the GPU has told of so far. */
    EventLog.Counts counts(String uuid) {
        return counts.of(uuid);
    }

    void clockWas(SetBack setBack) {
        counts.clockWas(setBack);
    }

    /** @param types bits of {@code nvmlEventType…} that the driver records */
    synchronized void add(Watch watch, long types) {
        counts.watching(watch.device().uuid(), types);
        watches.add(watch);
        if (thread == null) {
            thread = new Thread(this::run, "events");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Asks for nothing more, from the end of the call that is under way. */
    void stop() {
        stopped = true;
    }

    private void run() {
        while (!stopped) {
            Instant now = clock.instant();
            boolean any = false;
            for (Watch watch : watches) {
                any |= !stopped && watch.isDue(now) && visit(watch);
            }
            if (!any) { // many come as quickly as they are taken
                rest();
            }
        }
    }

    private static void rest() {
        try {
            Thread.sleep(ROUND.toMillis());
        } catch (InterruptedException e) { // nobody interrupts this thread
            Thread.currentThread().interrupt();
        }
    }

    /** Whether anything came. */
    private boolean visit(Watch watch) {
        boolean any = false;
        try (Nvml.Visit visit = watch.nvml().enter()) {
            if (watch.isVoid()) {
                forget(watch);
                return false;
            }
            boolean last = watch.isRetired();
            try {
                any = take(watch);
                watch.answered();
            } catch (NvmlException e) {
                last |= !bears(watch, e);
            }
            if (last) {
                watch.set().free();
                forget(watch);
            }
        } catch (NvmlException e) { // NVML is closed
            forget(watch);
        }
        return any;
    }

    private void forget(Watch watch) {
        watches.remove(watch);
        watch.end();
    }

    private boolean take(Watch watch) throws NvmlException {
        int taken = 0;
        Optional<NvmlEvent> event = watch.set().next();
        while (event.isPresent()) {
            deliver(watch, event.get());
            taken++;
            event = taken < MOST_AT_ONCE ? watch.set().next() : Optional.empty();
        }
        return taken > 0;
    }

    private boolean bears(Watch watch, NvmlException failure) {
        boolean survives = watch.maySurvive(clock.instant());
        if (!survives) {
            log.warn(
                    "{}: {}; its events are not seen until they can be recorded anew",
                    watch.device(),
                    failure.getMessage());
        }
        return survives;
    }

    private void deliver(Watch watch, NvmlEvent event) {
        EventKind kind = EventKind.of(event.type());
        GpuEvent told = new GpuEvent(
                watch.device().uuid(),
                clock.instant(),
                kind.word(),
                event.xid(),
                event.gpuInstance(),
                event.computeInstance());
        passOn(watch, () -> listener.accept(told)); // first: whoever sees the count sees what the listener made of it
        say(watch, told, counts.note(told));
        if (kind.changesTheGpu()) {
            passOn(watch, watch.changed());
        }
    }

    private static void passOn(Watch watch, Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) { // a defect of ours must not end the watching
            log.error("{}: an event could not be passed on", watch.device(), e);
        }
    }

    /** The same one may come by the thousand. */
    private static void say(Watch watch, GpuEvent event, Occurrences before) {
        boolean saidLately = before.last()
                .filter(last -> Duration.between(last, event.time()).abs().compareTo(SAY_AGAIN) < 0)
                .isPresent();
        if (saidLately) {
            return;
        }
        if (event.xid().isPresent()) {
            Xid xid = XidCatalog.xid(event.xid().getAsInt());
            log.warn(
                    "{}: Xid {}: {}; {}",
                    watch.device(),
                    xid.number(),
                    xid.name(),
                    xid.action().words());
        } else {
            log.info("{}: {}", watch.device(), event.kind().replace('_', ' '));
        }
    }
}
