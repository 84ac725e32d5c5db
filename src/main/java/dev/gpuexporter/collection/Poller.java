package dev.gpuexporter.collection;

import dev.gpuexporter.collection.NvmlSession.Opened;
import dev.gpuexporter.metrics.ExporterMetrics;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.nvml.NvmlException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
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

    private final Vertx vertx;
    private final Context loop;
    private final InstantSource clock;
    private final Duration interval;
    private final Duration deadline;
    private final List<GpuMetric> metrics;
    private final ReadingErrors errors;
    private final NvmlSession session;
    private final Counter polls;
    private final Runnable onPublished;
    private final Consumer<String> needsNewProcess;

    private final TreeMap<Integer, DeviceHealth> health = new TreeMap<>();
    private final Map<String, DeviceReading> departed = new TreeMap<>();
    private final List<DeviceWorker> workers = new ArrayList<>();
    private final List<DeviceWorker> awaited = new ArrayList<>();
    private Optional<Opened> open = Optional.empty();
    private boolean opening;
    private String problem = "NVML is being opened";
    private String saidProblem = "";
    private Instant openAgainAt = Instant.MIN;
    private Instant tickedAt;
    private boolean published = true;
    private boolean stopped;
    private boolean announced;
    private volatile Snapshot current = Snapshot.NONE;

    /**
     * @param interval between two polls; four fifths of it are the deadline
     * @param metrics those that are switched on
     * @param published told that there is a new snapshot, on the event loop
     * @param needsNewProcess told why, when only a restart can map the driver's new library
     */
    public Poller(
            Vertx vertx,
            InstantSource clock,
            NvmlSource source,
            Path sysfs,
            Duration interval,
            List<GpuMetric> metrics,
            MeterRegistry registry,
            Runnable published,
            Consumer<String> needsNewProcess) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.clock = clock;
        this.interval = interval;
        this.deadline = interval.multipliedBy(4).dividedBy(5);
        this.metrics =
                metrics.stream().filter(metric -> metric.reading().isPresent()).toList();
        this.errors = new ReadingErrors(registry);
        this.session = new NvmlSession(source, sysfs);
        this.polls = Counter.builder(ExporterMetrics.POLLS.name())
                .description(ExporterMetrics.POLLS.help())
                .register(registry);
        this.onPublished = published;
        this.needsNewProcess = needsNewProcess;
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
        return snapshot != Snapshot.NONE && !snapshot.isOlderThan(interval.multipliedBy(3), clock.instant());
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
        if (!published) {
            return; // this poll began late: its deadline, which tells who is silent, is still to come
        }
        Instant now = clock.instant();
        tickedAt = now;
        published = false;
        if (open.isEmpty()) {
            if (!now.isBefore(openAgainAt)) {
                openNvml();
            }
            publish();
            return;
        }
        awaited.clear();
        for (DeviceWorker worker : workers) {
            if (!worker.isBusy() && health(worker).mayBeAsked(now)) {
                awaited.add(worker);
                worker.poll(answer -> loop.runOnContext(answered -> take(worker, answer, now)));
            }
        }
        if (awaited.isEmpty()) {
            publish();
        } else {
            vertx.setTimer(deadline.toMillis(), timer -> deadlineOf(now));
        }
    }

    private void take(DeviceWorker worker, DeviceWorker.Answer answer, Instant tick) {
        worker.answered();
        if (!workers.contains(worker)) {
            return; // of a driver that has gone
        }
        if (answer.failure() != null) {
            takeFailure(worker, answer.failure());
        } else if (awaited.contains(worker)) {
            DeviceReading before = health(worker).answered(answer.reading(), clock.instant());
            if (!before.uuid().isEmpty()
                    && !before.uuid().equals(answer.reading().uuid())) {
                departed.put(before.uuid(), before.down("another GPU answers under its index"));
            }
        } // else it is too late: what it says was true at an earlier tick
        if (awaited.remove(worker) && awaited.isEmpty() && !published) {
            publish();
        }
    }

    private void takeFailure(DeviceWorker worker, NvmlException failure) {
        errors.count(failure);
        switch (failure.kind()) {
            case DRIVER_GONE, VERSION_MISMATCH -> closeNvml(failure.getMessage());
            // A stale handle: the worker looks for its GPU again at the next tick.
            case INVALID_ARGUMENT -> health(worker).outOfReach(failure.getMessage());
            default -> health(worker).failed(failure.getMessage(), clock.instant());
        }
    }

    private void deadlineOf(Instant tick) {
        if (published || !tick.equals(tickedAt)) {
            return;
        }
        awaited.forEach(worker -> health(worker).silent(deadline, clock.instant()));
        awaited.clear();
        publish();
    }

    private void publish() {
        published = true;
        Instant now = clock.instant();
        Duration took = Duration.between(tickedAt, now);
        current = new Snapshot(now, took, open.isPresent() ? Optional.empty() : Optional.of(problem), devices());
        polls.increment();
        onPublished.run();
        if (!announced && open.isPresent()) {
            announced = true;
            log.info(
                    "{}, driver {}, polled every {}",
                    current.models(),
                    open.get().versions().driver(),
                    DeviceHealth.spoken(interval));
        }
    }

    /** Every GPU there is, and those that were: another may answer under an index after the driver was loaded again. */
    private List<DeviceReading> devices() {
        List<DeviceReading> present =
                health.values().stream().map(DeviceHealth::last).toList();
        present.forEach(device -> departed.remove(device.uuid()));
        return Stream.concat(departed.values().stream(), present.stream())
                .sorted(Comparator.comparingInt(DeviceReading::index))
                .toList();
    }

    private DeviceHealth health(DeviceWorker worker) {
        return health.computeIfAbsent(worker.index(), DeviceHealth::new);
    }

    private void openNvml() {
        if (!opening && !stopped) {
            opening = true;
            session.open(deadline, outcome -> loop.runOnContext(opened -> take(outcome)));
        }
    }

    private void take(NvmlSession.Outcome outcome) {
        opening = false;
        open = outcome.opened();
        if (open.isEmpty()) {
            openAgainAt = clock.instant().plus(RETRY);
            say(outcome.problem());
            if (outcome.needsNewProcess()) {
                needsNewProcess.accept(outcome.problem());
            }
        } else {
            saidProblem = "";
            announced = false;
            for (int index = 0; index < open.get().devices(); index++) {
                workers.add(
                        new DeviceWorker(index, open.get().nvml(), open.get().versions(), metrics, errors));
            }
        }
        tick();
    }

    private void closeNvml(String why) {
        open = Optional.empty();
        workers.forEach(DeviceWorker::retire);
        workers.clear();
        awaited.clear(); // they did not keep silent: nobody listens any more
        health.values().forEach(device -> device.outOfReach(why));
        openAgainAt = clock.instant();
        say(why);
        if (!published) {
            publish();
        }
    }

    private void say(String why) {
        problem = why;
        if (!saidProblem.equals(why)) {
            saidProblem = why;
            log.warn("{}; serving without GPUs, trying again every {} s", why, RETRY.toSeconds());
        }
    }
}
