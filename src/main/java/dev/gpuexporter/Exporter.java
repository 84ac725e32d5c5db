package dev.gpuexporter;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.attribution.SeriesBuilder;
import dev.gpuexporter.attribution.Tenants;
import dev.gpuexporter.collection.EventWatcher;
import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.Settings.Naming;
import dev.gpuexporter.exposition.BuildInfo;
import dev.gpuexporter.exposition.ExporterState;
import dev.gpuexporter.exposition.Exposition;
import dev.gpuexporter.exposition.dcgm.ChosenFields;
import dev.gpuexporter.exposition.dcgm.DcgmExposition;
import dev.gpuexporter.exposition.dcgm.HostName;
import dev.gpuexporter.exposition.dcgm.HpcJobFiles;
import dev.gpuexporter.http.ExporterServer;
import dev.gpuexporter.kubernetes.ApiObjects;
import dev.gpuexporter.kubernetes.ClusterWatch;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.PodLabels;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.kubernetes.WorkloadRefresher;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** The parts of the exporter, put together. */
final class Exporter {
    /** Kubernetes takes a minute to mount what has changed. */
    private static final Duration BETWEEN_LOOKS_AT_FILES = Duration.ofSeconds(3);

    private static final Duration BETWEEN_LOOKS_AT_THE_HEAP = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final Poller poller;
    private final Optional<WorkloadRefresher> workloads;
    private final ClusterWatch cluster;
    private final Attribution attribution;
    private final Optional<ChosenFields> fields;
    private final HpcJobFiles jobs;
    private final Optional<DcgmExposition> dcgm;
    private final Exposition exposition;
    private final Chore joining;
    private final Chore lookingAtFiles;
    private final ExporterServer server;
    private final WebServing serving;
    private final boolean encrypted;
    private final Settings settings;

    /**
     * Puts them together; nothing runs yet.
     *
     * @param needsNewProcess told why, when only a restart helps
     */
    Exporter(Settings settings, Node node, InstantSource clock, Consumer<String> needsNewProcess) {
        this.settings = settings;
        // Before anything runs: its file may be one that cannot be meant.
        fields = settings.naming() == Naming.NATIVE ? Optional.empty() : Optional.of(new ChosenFields(settings.dcgm()));
        vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                // By default it wakes the process up each second.
                .setBlockedThreadCheckInterval(10)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.SECONDS)
                // Without these Vert.x unpacks a cache to /tmp, which a read-only root file system does not have.
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        joining = new Chore(vertx, "joining readings and owners", this::joinNow);
        lookingAtFiles = new Chore(vertx, "looking at files that may change", this::lookAtFiles);
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        JvmMetrics.bindTo(registry);
        ProcessMetrics.bindTo(registry);
        poller = new Poller(
                vertx,
                clock,
                node.driver(),
                node.host(),
                settings.pollInterval(),
                settings.peakWindow(),
                metrics(),
                registry,
                events(clock),
                this::join,
                needsNewProcess);
        workloads = node.kubelet()
                .map(kubelet -> new WorkloadRefresher(
                        kubelet,
                        new GpuResources(settings.kubernetes().resources()),
                        settings.kubernetes().refreshInterval(),
                        settings.kubernetes().keepFor(),
                        clock,
                        this::join));
        cluster = new ClusterWatch(node.stack(), node.api(), this::join);
        WorkloadIndex nobody = WorkloadIndex.empty(Instant.EPOCH);
        attribution = new Attribution(
                poller::current,
                () -> workloads.map(WorkloadRefresher::current).orElse(nobody),
                cluster::current,
                settings.metricSwitches().contains(Group.WORKLOAD_USAGE.key()) ? node.processes() : Optional.empty());
        Optional<PodLabels> podLabels = node.api().flatMap(ApiObjects::podLabels);
        jobs = new HpcJobFiles(settings.dcgm().hpcJobMappingDir().filter(directory -> fields.isPresent()));
        dcgm = fields.map(chosen -> new DcgmExposition(
                chosen,
                jobs,
                settings.dcgm(),
                settings.kubernetes().apiServer().nodeName().orElseGet(HostName::own),
                new Tenants(settings.kubernetes().attribution(), podLabels)));
        exposition = new Exposition(
                registry,
                attribution,
                new SeriesBuilder(settings.kubernetes().attribution(), podLabels),
                snapshot -> poller.isFresh(snapshot),
                () -> new ExporterState(node.simulated(), workloads.map(WorkloadRefresher::kubeletUp), cluster.apiUp()),
                task -> vertx.executeBlocking(() -> {
                    task.run();
                    return null;
                }),
                settings.naming(),
                dcgm.<Function<NodeView, byte[]>>map(named -> named::page).orElse(view -> new byte[0]));
        serving = new WebServing(settings.web());
        encrypted = serving.isEncrypted();
        server = new ExporterServer(
                vertx,
                exposition,
                attribution,
                poller,
                serving.web(registry),
                node.simulated(),
                BuildInfo.load().version());
    }

    /** Those that are switched on, and those that a list of DCGM's fields asks for. */
    private List<GpuMetric> metrics() {
        Set<String> switches = new HashSet<>(settings.metricSwitches());
        fields.ifPresent(chosen -> switches.addAll(chosen.current().needs()));
        return MetricCatalog.on(switches);
    }

    private Optional<EventWatcher> events(InstantSource clock) {
        return settings.metricSwitches().contains(Group.EVENTS.key())
                ? Optional.of(new EventWatcher(clock, settings.xids(), event -> attribution.told(event)))
                : Optional.empty();
    }

    /** There is something new of the node. */
    private void join() {
        joining.todo();
    }

    private void joinNow() {
        attribution.refresh();
        dcgm.ifPresent(named -> named.note(attribution.current()));
    }

    /** Starts asking the driver, the kubelet, and the API server where it is to be asked. */
    void startCollecting() {
        workloads.ifPresent(WorkloadRefresher::start);
        cluster.start();
        poller.start();
        if (jobs.mayChange() || fields.filter(ChosenFields::mayChange).isPresent()) {
            vertx.setPeriodic(BETWEEN_LOOKS_AT_FILES.toMillis(), timer -> lookingAtFiles.todo());
        }
        OldGeneration.found().ifPresent(this::keepSmall);
    }

    private void keepSmall(OldGeneration heap) {
        Chore keepingSmall = new Chore(vertx, "keeping the heap small", heap::keepSmall);
        vertx.setPeriodic(BETWEEN_LOOKS_AT_THE_HEAP.toMillis(), timer -> keepingSmall.todo());
    }

    /** What changed is on the page of the next poll. */
    private void lookAtFiles() {
        if (fields.filter(ChosenFields::look).isPresent()) {
            poller.read(metrics());
        }
        jobs.look();
    }

    /** Asks the kubelet once and starts asking the driver, for a reading rather than a server; not the API server. */
    void readOnce() {
        askKubelet();
        cluster.refresh();
        poller.start();
    }

    /** Asks the kubelet once, before its turn. */
    void askKubelet() {
        workloads.ifPresent(WorkloadRefresher::refresh);
    }

    /** Whether what the attribution shows is there and fresh. */
    boolean isFresh() {
        return poller.isFresh(attribution.current().snapshot());
    }

    /**
     * Starts answering.
     *
     * @return the port
     * @throws ExecutionException where the address cannot be bound
     */
    int listen() throws ExecutionException, InterruptedException {
        return server.listen(settings.listen())
                .toCompletionStage()
                .toCompletableFuture()
                .get();
    }

    /** Whether it answers with TLS. */
    boolean isEncrypted() {
        return encrypted;
    }

    /** Empty where the API server is not asked. */
    Optional<Boolean> kubernetesApiUp() {
        return cluster.apiUp();
    }

    Poller poller() {
        return poller;
    }

    Attribution attribution() {
        return attribution;
    }

    Exposition exposition() {
        return exposition;
    }

    /**
     * Stops listening, and lets go of NVML meanwhile.
     *
     * @param patience how long it takes at the most, for a call inside NVML and for connections together
     * @return false where a call hangs inside NVML: then only the end of the process frees it
     */
    boolean stop(Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        Future<Void> listening = server.close();
        boolean closed = poller.stop(patience);
        workloads.ifPresent(WorkloadRefresher::close);
        cluster.close();
        try {
            listening.toCompletionStage().toCompletableFuture().get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // Connections that stay open end with the process.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        serving.close();
        vertx.close();
        return closed;
    }
}
