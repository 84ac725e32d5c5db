package dev.gpuexporter.collection;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.simulation.SimulatedNvml;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A simulated node on a clock that the test moves, under a poller that ticks seven times a second: no more often, so
 * that a busy machine finds the time to answer.
 */
final class PolledNode implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofMillis(150);
    static final List<Integer> XIDS = List.of(13, 48, 79);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final SteppedClock clock = new SteppedClock();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final List<String> needsNewProcess = new CopyOnWriteArrayList<>();
    final List<GpuEvent> events = new CopyOnWriteArrayList<>();
    final Poller poller;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private volatile Runnable onPublished = () -> {};

    private PolledNode(
            Duration interval,
            Scenario scenario,
            UnaryOperator<NvmlLibrary> wrapped,
            List<GpuMetric> metrics,
            NvmlSource instead) {
        boolean watching = metrics.stream().anyMatch(metric -> metric.group() == Group.EVENTS);
        NvmlLibrary library =
                wrapped.apply(new SimulatedNvml(new SimulatedNode(scenario, clock::nanos, SteppedClock.START)));
        poller = new Poller(
                vertx,
                (InstantSource) clock,
                instead == null ? () -> library : instead,
                new Host(Path.of("/nonexistent"), true),
                interval,
                Duration.ofMinutes(1),
                metrics,
                meters,
                watching ? Optional.of(new EventWatcher(clock, XIDS, events::add)) : Optional.empty(),
                () -> onPublished.run(),
                needsNewProcess::add);
        poller.start();
    }

    static PolledNode of(Scenario scenario) {
        return new PolledNode(INTERVAL, scenario, library -> library, MetricCatalog.all(), null);
    }

    static PolledNode of(Scenario scenario, UnaryOperator<NvmlLibrary> wrapped, List<GpuMetric> metrics) {
        return new PolledNode(INTERVAL, scenario, wrapped, metrics, null);
    }

    /** Polled as often as that. */
    static PolledNode every(Duration interval, Scenario scenario) {
        return new PolledNode(interval, scenario, library -> library, MetricCatalog.all(), null);
    }

    static PolledNode from(NvmlSource source) {
        return new PolledNode(INTERVAL, scenario("t4"), library -> library, MetricCatalog.all(), source);
    }

    /** A model and how many, or the name of a file in the scenarios of the tests. */
    static Scenario scenario(String name) {
        Path file = Project.directory().resolve("src/test/resources/scenarios/" + name + ".conf");
        return new ScenarioFile(GpuModels.names()).read(file.toFile().exists() ? file.toString() : name);
    }

    /** A card that no other scenario has. */
    static Scenario oneT4OfAnotherSeed() {
        return new Scenario(
                "another",
                2,
                Scenario.DEFAULT_DRIVER_VERSION,
                Scenario.DEFAULT_CUDA_VERSION,
                List.of(Scenario.Gpu.of("t4")),
                List.of(),
                List.of(),
                Set.of());
    }

    /** The first snapshot that is as wanted, from now on. */
    Snapshot await(Predicate<Snapshot> wanted) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            Snapshot snapshot = poller.current();
            if (wanted.test(snapshot)) {
                return snapshot;
            }
            Thread.sleep(5);
        }
        throw new AssertionError("within " + PATIENCE + " no snapshot was as wanted; the last: " + poller.current());
    }

    /** A poll that began after the clock last moved and found this many GPUs up: slow machines take several. */
    Snapshot awaitUp(int gpus) throws InterruptedException {
        return await(snapshot -> snapshot.time().equals(clock.instant())
                && snapshot.took().isZero()
                && snapshot.devices().stream().filter(DeviceReading::isUp).count() == gpus);
    }

    /** Two snapshots further on: what was under way before is over. */
    Snapshot awaitNext() throws InterruptedException {
        double polls = polls();
        return await(snapshot -> polls() >= polls + 2);
    }

    double polls() {
        return meters.counter("gpu_exporter_polls_total").count();
    }

    /** After the next snapshot time passes, and the event loop has so much to do that the tick thereafter comes late. */
    void delayTheNextTick(Duration step) {
        onPublished = () -> {
            onPublished = () -> {};
            clock.advance(step);
            sleep(INTERVAL.toMillis() * 7 / 5);
        };
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        poller.stop(Duration.ofMillis(50));
        clock.advance(Duration.ofHours(1)); // every window of a hang is over, and nobody goes into the next one
        vertx.close();
    }
}
