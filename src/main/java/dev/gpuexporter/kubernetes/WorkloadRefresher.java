package dev.gpuexporter.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the map of who holds what fresh, on its own clock and its own daemon thread: readers take {@link #current} at any
 * time and never wait for the kubelet.
 *
 * <p>Without an answer the last map stands for {@code keepFor}, then it is empty. After a restart of the kubelet, a
 * device that it does not list yet keeps its owner as long.
 */
public final class WorkloadRefresher implements AutoCloseable {
    /** A reading is up to three calls, and the kubelet has a hundred a second for everybody on the node. */
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

    private final PodResourcesSource source;
    private final Duration interval;
    private final InstantSource clock;
    private final Runnable refreshed;
    private final RestartMemory memory;
    private final KubeletLog log = new KubeletLog();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "workloads");
        daemon.setDaemon(true);
        return daemon;
    });

    private volatile WorkloadIndex current = WorkloadIndex.empty(Instant.EPOCH);
    private volatile boolean kubeletUp;
    private volatile boolean closed;

    /**
     * Reads nothing yet.
     *
     * @param source closed together with this
     * @param resources which resources are GPUs
     * @param interval from the end of one reading to the next, a second at least
     * @param keepFor how long owners outlive the kubelet that named them
     * @param refreshed told after each reading that {@link #current} is another
     */
    public WorkloadRefresher(
            PodResourcesSource source,
            GpuResources resources,
            Duration interval,
            Duration keepFor,
            InstantSource clock,
            Runnable refreshed) {
        this.source = source;
        this.interval = interval;
        this.clock = clock;
        this.refreshed = refreshed;
        this.memory = new RestartMemory(keepFor, resources);
    }

    /** Refreshes now and from now on. */
    public void start() {
        thread.execute(this::refreshAndGoOn);
    }

    /** The latest map; an empty one until there has been an answer. */
    public WorkloadIndex current() {
        return current;
    }

    /** Whether the kubelet answered when last asked. One that only says that it is asked too often is up. */
    public boolean kubeletUp() {
        return kubeletUp;
    }

    private void refreshAndGoOn() {
        try {
            refresh();
        } finally {
            if (!closed) {
                Duration pause = interval.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : interval;
                thread.schedule(this::refreshAndGoOn, pause.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Asks once and publishes what is known then; never throws. */
    public synchronized void refresh() {
        try {
            PodResourcesAnswer answer = source.read();
            Instant now = clock.instant();
            current = memory.answered(answer, now);
            kubeletUp = true;
            log.answered(current, now);
            refreshed.run();
        } catch (KubeletException failure) {
            unanswered(failure);
        } catch (RuntimeException | Error unexpected) {
            // The map must not stand for ever because of it.
            unanswered(KubeletException.unusable(unexpected));
        }
    }

    private void unanswered(KubeletException failure) {
        if (closed) {
            return;
        }
        Instant now = clock.instant();
        current = memory.unanswered(failure.kubeletIsUp(), now);
        kubeletUp = failure.kubeletIsUp();
        log.failed(failure, current, memory.standsFor(now));
        refreshed.run();
    }

    /** Stops refreshing, interrupts a call that is under way, and closes the source. The last map stays. */
    @Override
    public void close() {
        closed = true;
        thread.shutdownNow();
        source.close();
    }
}
