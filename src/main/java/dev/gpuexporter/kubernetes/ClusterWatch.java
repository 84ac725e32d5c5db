package dev.gpuexporter.kubernetes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for what has changed of the {@link ClusterView}, on a daemon thread of its own: whoever shows it waits neither
 * for a file nor for the API server's client.
 */
public final class ClusterWatch implements AutoCloseable {
    /** A look costs nothing of the API server, which tells of changes by itself. */
    private static final Duration OF_THE_API = Duration.ofSeconds(2);

    private static final Duration OF_THE_STACK = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(ClusterWatch.class);

    private final StackComponents stack;
    private final Optional<ApiObjects> api;
    private final Runnable changed;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "cluster");
        daemon.setDaemon(true);
        return daemon;
    });

    private volatile ClusterView current = ClusterView.NONE;
    private boolean failing;

    /**
     * Looks at nothing yet.
     *
     * @param api closed together with this; empty where the API server is not asked
     * @param changed told when {@link #current} is another
     */
    public ClusterWatch(StackComponents stack, Optional<ApiObjects> api, Runnable changed) {
        this.stack = stack;
        this.api = api;
        this.changed = changed;
    }

    /** Asks the API server, and looks now and from now on. */
    public void start() {
        api.ifPresent(ApiObjects::start);
        Duration pause = api.isPresent() ? OF_THE_API : OF_THE_STACK;
        thread.scheduleWithFixedDelay(this::look, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What a look throws would end all later ones without a word. Said once, for as long as they go on failing. */
    void look() {
        try {
            refresh();
        } catch (RuntimeException | LinkageError e) {
            if (!failing) {
                log.error("looking for what changed in the cluster fails; trying again", e);
            }
            failing = true;
            return;
        }
        if (failing) {
            log.info("looking for what changed in the cluster works again");
        }
        failing = false;
    }

    /** Looks once. */
    public synchronized void refresh() {
        ClusterView seen = new ClusterView(
                api.map(ApiObjects::pods).orElse(PodIndex.EMPTY),
                api.map(ApiObjects::devices).orElse(DraDevices.NONE),
                stack.ready());
        if (!seen.equals(current)) {
            current = seen;
            changed.run();
        }
    }

    /** The latest view; the same object until something in it changes. */
    public ClusterView current() {
        return current;
    }

    /** Whether the API server answered when last asked; empty where it is not asked. */
    public Optional<Boolean> apiUp() {
        return api.map(ApiObjects::isUp);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        api.ifPresent(ApiObjects::close);
    }
}
