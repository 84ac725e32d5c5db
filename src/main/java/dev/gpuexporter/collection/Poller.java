package dev.gpuexporter.collection;

import dev.gpuexporter.collection.NvmlSession.Opened;
import dev.gpuexporter.metrics.ActivityMetrics;
import dev.gpuexporter.metrics.ExporterMetrics;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.PeerMetrics;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ticks, has every GPU read on its own thread, and publishes a snapshot when all have answered or the tick's deadline
 * has come. All of its state belongs to one event loop, which never waits for the driver.
 */
public final class Poller {
    private static final Logger log = LoggerFactory.getLogger(Poller.class);

    /** How long NVML, or its library, is left alone after it could not be opened. */
    private static final Duration RETRY = Duration.ofSeconds(10);

    /** How long NVML is waited for at least until nobody is inside: whoever waits for events leaves sooner. */
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Context loop;
    private final InstantSource clock;
    private final Duration interval;
    private final Duration deadline;
    private final Duration stale;
    private final Function<NvmlDevice, DeviceReader> readers;
    private final ReadingErrors errors;
    private final NvmlSession session;
    private final Counter polls;
    private final Runnable onPublished;
    private final Consumer<String> needsNewProcess;
    private final Optional<EventWatcher> events;
    private final KnownDevices devices;
    private final PeerWatch peers = new PeerWatch();

    private final List<DeviceWorker> workers = new ArrayList<>();
    private final List<DeviceWorker> awaited = new ArrayList<>();
    private final Set<DeviceWorker> readAgain = new HashSet<>();
    private Optional<Opened> open = Optional.empty();
    private boolean opening;
    private String problem = "NVML is being opened";
    private String saidProblem = "";
    private Pause leftAlone = Pause.NONE;
    private Instant tickedAt;
    private long begun;
    private long deadlineTimer;
    private boolean published = true;
    private boolean early;
    private boolean stopped;
    private boolean announced;
    private volatile Snapshot current = Snapshot.NONE;
    private volatile List<GpuMetric> metrics;

    /**
     * @param interval between two polls; four fifths of it are the deadline
     * @param peakWindow how long a peak is remembered
     * @param metrics those that are switched on
     * @param events waits for what the GPUs tell of on their own; empty where nobody does
     * @param published told that there is a new snapshot, on the event loop
     * @param needsNewProcess told why, when only a restart can map the driver's new library
     */
    public Poller(
            Vertx vertx,
            InstantSource clock,
            NvmlSource source,
            Host host,
            Duration interval,
            Duration peakWindow,
            List<GpuMetric> metrics,
            MeterRegistry registry,
            Optional<EventWatcher> events,
            Runnable published,
            Consumer<String> needsNewProcess) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.clock = clock;
        this.interval = interval;
        // In milliseconds: Duration reckons by BigDecimal.
        this.deadline = Duration.ofMillis(interval.toMillis() * 4 / 5);
        this.stale = Duration.ofMillis(interval.toMillis() * 3);
        this.errors = new ReadingErrors(registry);
        this.metrics = metrics;
        this.readers = device -> new DeviceReader(device, () -> this.metrics, errors, new Peaks(peakWindow, clock));
        this.events = events;
        this.devices = new KnownDevices(new Activity(metrics.contains(ActivityMetrics.LAST_ACTIVE)), events);
        this.session = new NvmlSession(source, host);
        this.polls = Counter.builder(ExporterMetrics.POLLS.name())
                .description(ExporterMetrics.POLLS.help())
                .register(registry);
        this.onPublished = published;
        this.needsNewProcess = needsNewProcess;
    }

    /** From the next poll on reads these metrics. */
    public void read(List<GpuMetric> wanted) {
        if (!wanted.equals(metrics)) {
            metrics = wanted;
        }
    }

    /** The newest snapshot; an empty one before the first poll. */
    public Snapshot current() {
        return current;
    }

    public Duration interval() {
        return interval;
    }

    /** Whether there is a snapshot, and it is younger than three intervals. */
    public boolean isFresh() {
        return isFresh(current);
    }

    /** Whether this snapshot is younger than three intervals: an older one is not shown to anybody. */
    public boolean isFresh(Snapshot snapshot) {
        return snapshot != Snapshot.NONE && !snapshot.isOlderThan(stale, clock.instant());
    }

    public void start() {
        loop.runOnContext(started -> {
            openNvml();
            vertx.setPeriodic(interval.toMillis(), timer -> tick());
        });
    }

    /**
     * Stops polling and lets go of NVML.
     *
     * @return false where a call hangs inside NVML, which is left alone then
     */
    public boolean stop(Duration patience) {
        events.ifPresent(EventWatcher::stop);
        loop.runOnContext(stopping -> {
            stopped = true;
            workers.forEach(DeviceWorker::retire);
        });
        return session.close(patience);
    }

    private void tick() {
        if (stopped) {
            return;
        }
        if (!early) {
            deadlineOf(begun); // its timer may be late: time goes on all the same
        }
        begin();
        early = false;
        if (open.isEmpty() && leftAlone.isOver(tickedAt)) {
            openNvml();
        }
        workers.forEach(this::ask);
        if (awaited.isEmpty()) {
            publish();
        }
    }

    private void begin() {
        tickedAt = clock.instant();
        published = false;
        long number = ++begun;
        deadlineTimer = vertx.setTimer(deadline.toMillis(), timer -> deadlineOf(number));
    }

    private void ask(DeviceWorker worker) {
        if (!worker.isBusy() && devices.health(worker.index()).mayBeAsked(clock.instant())) {
            awaited.add(worker);
            worker.poll(answer -> loop.runOnContext(answered -> take(worker, answer)));
        }
    }

    /** Reads one GPU before its turn: a snapshot with nothing else new follows, unless the next tick comes first. */
    private void readNow(DeviceWorker worker) {
        boolean mayBeAsked = devices.health(worker.index()).mayBeAsked(clock.instant());
        if (stopped || !workers.contains(worker) || !mayBeAsked) {
            return;
        }
        if (worker.isBusy()) { // what it reads may be from before
            readAgain.add(worker);
            return;
        }
        if (published) {
            begin();
            early = true;
        }
        ask(worker);
    }

    private void take(DeviceWorker worker, DeviceWorker.Answer answer) {
        worker.answered();
        if (stopped || !workers.contains(worker)) {
            return; // of a driver that has gone, or that we have let go of
        }
        if (answer.failure() != null) {
            takeFailure(worker, answer.failure());
        } else if (awaited.contains(worker)) {
            devices.answered(answer.reading(), clock.instant());
        } // else it is too late: what it says was true at an earlier tick
        if (awaited.remove(worker) && awaited.isEmpty() && !published) {
            publish();
        }
        if (readAgain.remove(worker)) {
            readNow(worker);
        }
    }

    private void takeFailure(DeviceWorker worker, NvmlException failure) {
        errors.count(failure);
        switch (failure.kind()) {
            case DRIVER_GONE, VERSION_MISMATCH -> closeNvml(failure.getMessage());
            // A stale handle: the worker looks for its GPU again at the next tick.
            case INVALID_ARGUMENT -> devices.health(worker.index()).outOfReach(failure.getMessage());
            default -> devices.health(worker.index()).failed(failure.getMessage(), clock.instant());
        }
    }

    private void deadlineOf(long number) {
        if (published || number != begun) {
            return;
        }
        awaited.forEach(worker -> devices.health(worker.index()).silent(deadline, clock.instant()));
        awaited.clear();
        publish();
    }

    private void publish() {
        published = true;
        vertx.cancelTimer(deadlineTimer);
        Instant now = clock.instant();
        Duration took = now.isBefore(tickedAt) ? Duration.ZERO : Duration.between(tickedAt, now); // a clock set back
        if (now.isBefore(current.time())) {
            devices.clockWas(new SetBack(now));
            workers.forEach(DeviceWorker::clockWasSetBack);
        }
        boolean tellsPeers = metrics.contains(PeerMetrics.NVLINK_STATUS);
        List<DeviceReading> readings = tellsPeers ? peers.addTo(devices.readings(), now) : devices.readings();
        current = new Snapshot(now, took, open.isPresent() ? Optional.empty() : Optional.of(problem), readings);
        polls.increment();
        onPublished.run();
        if (tellsPeers) {
            open.ifPresent(opened -> peers.ask(opened.nvml(), readings, now));
        }
        if (!announced && open.isPresent()) {
            announced = true;
            log.info(
                    "{}, driver {}, polled every {}",
                    current.models(),
                    open.get().versions().driver(),
                    DeviceHealth.spoken(interval));
        }
    }

    private void openNvml() {
        if (!opening && !stopped) {
            opening = true;
            Duration patience = deadline.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : deadline;
            session.open(patience, outcome -> loop.runOnContext(opened -> take(outcome)));
        }
    }

    private void take(NvmlSession.Outcome outcome) {
        opening = false;
        open = outcome.opened();
        if (open.isEmpty()) {
            leftAlone = new Pause(clock.instant(), RETRY);
            say(outcome.problem());
            if (outcome.needsNewProcess()) {
                needsNewProcess.accept(outcome.problem());
            }
        } else {
            saidProblem = "";
            announced = false;
            for (int index = 0; index < open.get().devices(); index++) {
                workers.add(worker(index, open.get()));
            }
        }
        tick();
    }

    private DeviceWorker worker(int index, Opened opened) {
        AtomicReference<DeviceWorker> itself = new AtomicReference<>();
        Runnable changed = () -> loop.runOnContext(told -> readNow(itself.get()));
        DeviceWorker worker = new DeviceWorker(
                index,
                opened.nvml(),
                opened.versions(),
                readers,
                events.map(watcher -> new EventRegistration(opened.nvml(), watcher, errors, changed)));
        itself.set(worker);
        return worker;
    }

    private void closeNvml(String why) {
        open = Optional.empty();
        workers.forEach(DeviceWorker::retire);
        workers.clear();
        readAgain.clear();
        awaited.clear(); // they did not keep silent: nobody listens any more
        devices.outOfReach(why);
        peers.forget();
        leftAlone = Pause.NONE;
        say(why);
        if (!published) {
            publish();
        }
    }

    private void say(String why) {
        problem = why;
        String code = why.split(" from ", 2)[0]; // whichever call met it
        if (!saidProblem.equals(code)) {
            saidProblem = code;
            log.warn("{}; serving without GPUs, trying again every {} s", why, RETRY.toSeconds());
        }
    }
}
