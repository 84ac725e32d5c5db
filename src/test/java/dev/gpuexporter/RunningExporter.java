package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.CountedNvml;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.NvmlSource;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.FailureKind;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.config.SettingsLoader.Flag;
import dev.gpuexporter.kubernetes.ApiObjects;
import dev.gpuexporter.kubernetes.ProcessSource;
import dev.gpuexporter.kubernetes.StackComponents;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.SteppedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BiFunction;

/** The whole exporter on a port of its own, in front of a simulated node, asked as its users ask it. */
public final class RunningExporter implements AutoCloseable {
    private static final ScenarioFile SCENARIOS = new ScenarioFile(GpuModels.names());

    /** No second poll comes while a test runs. */
    private static final Duration ONE_POLL = Duration.ofHours(1);

    private static final StackComponents NO_STACK = new StackComponents(Path.of("/nonexistent"));

    private static final Duration TIME_TO_STOP = Duration.ofMillis(1500);

    private final Exporter exporter;
    private final SteppedClock clock;
    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningExporter(Exporter exporter, SteppedClock clock) {
        this.exporter = exporter;
        this.clock = clock;
        try {
            this.port = exporter.listen();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        exporter.startCollecting();
    }

    /** A node of {@code src/test/resources/scenarios}. */
    public static Scenario scenario(String name) {
        return SCENARIOS.read(Project.directory()
                .resolve(Path.of("src/test/resources/scenarios", name + ".conf"))
                .toString());
    }

    /** Reads the node once, at that age, and knows its pods; then nothing changes. */
    public static RunningExporter afterOnePoll(Scenario scenario, Duration age) {
        RunningExporter running = steppedFrom(scenario, age, ONE_POLL);
        running.awaitFirstPoll();
        return running;
    }

    private void awaitFirstPoll() {
        Eventually.holds(
                "the first poll",
                () -> exporter.attribution().current().snapshot().isNvmlUp());
        Eventually.holds("the first map of pods", this::knowsItsPods);
    }

    /** Reads the node once, as a part of a cluster of which more is known than what the kubelet says. */
    public static RunningExporter inCluster(Scenario scenario, Optional<ApiObjects> api, StackComponents stack) {
        return inCluster(scenario, api, stack, Map.of());
    }

    /** The same, with these keys of the configuration set. */
    static RunningExporter inCluster(
            Scenario scenario, Optional<ApiObjects> api, StackComponents stack, Map<String, String> keys) {
        SteppedClock clock = new SteppedClock();
        Settings settings = settings(ONE_POLL, flags(keys));
        Node alone = Node.simulated(new SimulatedNode(scenario, clock::nanos, SteppedClock.START), settings);
        Node node = new Node(alone.driver(), alone.kubelet(), alone.processes(), api, stack, alone.host(), true);
        clock.advance(Duration.ofMinutes(1));
        RunningExporter running =
                new RunningExporter(new Exporter(settings, node, clock, RunningExporter::fail), clock);
        running.awaitFirstPoll();
        return running;
    }

    /** Polls the node all the time, from that age on; time passes in steps. */
    public static RunningExporter polling(Scenario scenario, Duration age) {
        return steppedFrom(scenario, age, Duration.ofSeconds(1));
    }

    /** The same from the start on, and as often as can be: for who takes many steps. */
    public static RunningExporter stepping(Scenario scenario) {
        return steppedFrom(scenario, Duration.ZERO, Duration.ofMillis(100));
    }

    /** A node in the time of everybody else. */
    public static RunningExporter live(String scenario) {
        return live(scenario, Map.of());
    }

    /** The same, with these keys of the configuration set. */
    public static RunningExporter live(String scenario, Map<String, String> keys) {
        Settings settings = settings(Duration.ofMillis(500), flags(keys));
        Node node = Node.simulated(new SimulatedNode(SCENARIOS.read(scenario)), settings);
        return new RunningExporter(
                new Exporter(settings, node, InstantSource.system(), RunningExporter::fail), new SteppedClock());
    }

    /** A machine that has this for a driver, and nobody to ask for pods; what becomes of it is not waited for. */
    public static RunningExporter withDriver(NvmlSource driver) {
        SteppedClock clock = new SteppedClock();
        Settings settings = settings(ONE_POLL);
        Node node = new Node(
                driver,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                NO_STACK,
                new Host(Path.of("/nonexistent"), false),
                false);
        return new RunningExporter(new Exporter(settings, node, clock, RunningExporter::fail), clock);
    }

    /** As {@link #afterOnePoll}, with processes that somebody else follows to their containers. */
    public static RunningExporter following(
            Scenario scenario, BiFunction<SimulatedNode, InstantSource, ProcessSource> processes) {
        SteppedClock clock = new SteppedClock();
        Settings settings = settings(ONE_POLL);
        SimulatedNode simulated = new SimulatedNode(scenario, clock::nanos, SteppedClock.START);
        clock.advance(Duration.ofMinutes(1));
        Node node = Node.simulated(simulated, settings);
        Node followed = new Node(
                node.driver(),
                node.kubelet(),
                Optional.of(processes.apply(simulated, clock)),
                Optional.empty(),
                NO_STACK,
                node.host(),
                true);
        RunningExporter running =
                new RunningExporter(new Exporter(settings, followed, clock, RunningExporter::fail), clock);
        running.awaitFirstPoll();
        return running;
    }

    /** As {@link #afterOnePoll}, with these keys of the configuration set. */
    public static RunningExporter set(Scenario scenario, Map<String, String> keys) {
        RunningExporter running = steppedFrom(scenario, Duration.ofMinutes(1), settings(ONE_POLL, flags(keys)));
        running.awaitFirstPoll();
        return running;
    }

    /** The same of a node that no kubelet is asked of. */
    static RunningExporter withoutPods(Scenario scenario, Map<String, String> keys) {
        RunningExporter running = steppedFrom(scenario, Duration.ofMinutes(1), settings(ONE_POLL, flags(keys)));
        Eventually.holds(
                "the first poll",
                () -> running.exporter.attribution().current().snapshot().isNvmlUp());
        return running;
    }

    /** The same, and somebody listens to what the driver is asked. */
    static RunningExporter set(Scenario scenario, Map<String, String> keys, CountedNvml calls) {
        SteppedClock clock = new SteppedClock();
        Settings settings = settings(ONE_POLL, flags(keys));
        Node silent = Node.simulated(new SimulatedNode(scenario, clock::nanos, SteppedClock.START), settings);
        Node node = new Node(
                () -> calls.in(silent.driver().load()),
                silent.kubelet(),
                silent.processes(),
                silent.api(),
                silent.stack(),
                silent.host(),
                true);
        RunningExporter running =
                new RunningExporter(new Exporter(settings, node, clock, RunningExporter::fail), clock);
        running.awaitFirstPoll();
        return running;
    }

    private static Flag[] flags(Map<String, String> keys) {
        return keys.entrySet().stream()
                .map(key -> new Flag(key.getKey(), key.getKey(), key.getValue()))
                .toArray(Flag[]::new);
    }

    /** As {@link #afterOnePoll}, with a key of the configuration set. */
    public static RunningExporter set(Scenario scenario, String key, String value) {
        return withoutPods(scenario, Map.of(key, value));
    }

    private static RunningExporter steppedFrom(Scenario scenario, Duration age, Duration interval) {
        return steppedFrom(scenario, age, settings(interval));
    }

    private static RunningExporter steppedFrom(Scenario scenario, Duration age, Settings settings) {
        SteppedClock clock = new SteppedClock();
        SimulatedNode simulated = new SimulatedNode(scenario, clock::nanos, SteppedClock.START);
        clock.advance(age);
        return new RunningExporter(
                new Exporter(settings, Node.simulated(simulated, settings), clock, RunningExporter::fail), clock);
    }

    private static Settings settings(Duration interval, Flag... others) {
        List<Flag> flags = new ArrayList<>(List.of(others));
        flags.add(new Flag("--listen", "listen", "127.0.0.1:0"));
        flags.add(new Flag("interval", "poll.interval", interval.toMillis() + "ms"));
        flags.add(new Flag("refresh", "kubernetes.refresh-interval", "1h"));
        return new SettingsLoader().load(Optional.empty(), Map.of(), flags).settings();
    }

    private static void fail(String why) {
        throw new AssertionError("it wants a new process: " + why);
    }

    private boolean knowsItsPods() {
        return !exporter.attribution().current().workloads().readAt().equals(Instant.EPOCH);
    }

    /** Whether the API server answered when last asked; a page that is written may say what was before. */
    Optional<Boolean> apiUp() {
        return exporter.kubernetesApiUp();
    }

    /** Lets time pass; what was read before is not read again by that. */
    public void pass(Duration time) {
        clock.advance(time);
    }

    /**
     * Lets time pass until a poll that began thereafter has been published and found this many GPUs up. A machine with
     * much to do may not get every healthy GPU read in time at first.
     */
    public void passUntilUp(Duration time, int gpus) {
        clock.advance(time);
        Eventually.holds(gpus + " GPUs are up", () -> {
            Snapshot snapshot = exporter.attribution().current().snapshot();
            return snapshot.time().equals(clock.instant())
                    && snapshot.took().isZero()
                    && snapshot.devices().stream().filter(DeviceReading::isUp).count() == gpus;
        });
        Eventually.holds("the map of pods", this::knowsItsPods);
    }

    /**
     * Lets time pass, asks the kubelet, and waits for a poll that began thereafter and found at least this many GPUs up,
     * or no driver.
     */
    public void step(Duration time, int gpus) {
        clock.advance(time);
        exporter.askKubelet();
        Eventually.holds("a poll with " + gpus + " GPUs up", () -> {
            Snapshot snapshot = exporter.attribution().current().snapshot();
            return snapshot.time().equals(clock.instant())
                    && snapshot.took().isZero()
                    && (!snapshot.isNvmlUp()
                            || snapshot.devices().stream()
                                            .filter(DeviceReading::isUp)
                                            .count()
                                    >= gpus);
        });
    }

    /**
     * Waits until each Xid that has come by now is on the page: the driver is asked for them in turns, in real time. What
     * came while it was not loaded is lost, so of a node where that happens nothing is waited for.
     */
    public void awaitXids(Scenario scenario) {
        if (scenario.failures().stream().anyMatch(failure -> failure.kind() == FailureKind.DRIVER_GONE)) {
            return;
        }
        Duration age = Duration.between(SteppedClock.START, clock.instant());
        List<Scenario.Failure> come = scenario.failures().stream()
                .filter(failure -> failure.xid().isPresent())
                .filter(failure -> failure.window().from().compareTo(age) <= 0)
                .toList();
        Eventually.holds("the Xids " + come, () -> come.stream().allMatch(this::isSeen));
    }

    private boolean isSeen(Scenario.Failure failure) {
        return exporter.attribution().current().snapshot().devices().stream()
                .filter(device -> failure.hits(device.index()))
                .allMatch(device -> Optional.ofNullable(
                                device.history().xids().get(failure.xid().getAsInt()))
                        .filter(seen -> seen.count() > 0)
                        .isPresent());
    }

    /** Lets time pass until NVML answers, or does not. */
    public void passUntilNvml(Duration time, boolean up) {
        clock.advance(time);
        Eventually.holds(
                "NVML is " + (up ? "up" : "down"),
                () -> exporter.attribution().current().snapshot().isNvmlUp() == up);
    }

    /** Has the kubelet asked once more: what is served is encoded anew. */
    public void askKubelet() {
        exporter.askKubelet();
    }

    /** Where somebody else may ask: 127.0.0.1 and the port. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** What a GET with these headers, a name and a value each, is answered. */
    public HttpResponse<byte[]> get(String path, String... headers) {
        return ask("GET", path, headers);
    }

    public HttpResponse<byte[]> ask(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + address() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The body of a GET that must succeed. */
    public String text(String path, String... headers) {
        HttpResponse<byte[]> response = get(path, headers);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** A scrape in Prometheus' text format. */
    public Scrape scrape() {
        return Scrape.of(text("/metrics"));
    }

    /** Frees threads that a scenario hangs: none does so for more than a minute. */
    @Override
    public void close() {
        clock.advance(Duration.ofMinutes(1));
        exporter.stop(TIME_TO_STOP);
    }
}
