package bench;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.attribution.SeriesBuilder;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.exposition.ExporterState;
import dev.gpuexporter.exposition.Exposition;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.simulation.SimulatedNvml;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What it costs to write the page of a new snapshot, and to hand out one that is written; without HTTP. */
final class EncodeCost {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final int WARM_UP = 100;
    private static final int AGAIN = 200;

    private final Samples cpuOfIdentity = new Samples();
    private final Samples cpuOfGzip = new Samples();
    private final Samples cpuOfAgain = new Samples();

    private EncodeCost() {}

    /** Arguments: the scenario, and how many snapshots. */
    public static void main(String[] args) throws InterruptedException {
        try {
            measure(args[0], Integer.parseInt(args[1]));
            Runtime.getRuntime().halt(0);
        } finally {
            Runtime.getRuntime().halt(1); // the poller's threads would go on
        }
    }

    private static void measure(String scenario, int snapshots) throws InterruptedException {
        SimulatedNvml nvml = new SimulatedNvml(new SimulatedNode(new ScenarioFile(GpuModels.names()).read(scenario)));
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Poller poller = new Poller(
                Vertx.vertx(),
                InstantSource.system(),
                () -> nvml,
                new Host(Path.of("/nonexistent"), true),
                INTERVAL,
                Duration.ofSeconds(60),
                PollCost.onByDefault(),
                registry,
                Optional.empty(),
                () -> {},
                why -> {});
        poller.start();
        while (!poller.current().hasData()) {
            Thread.sleep(1);
        }
        WorkloadIndex owners = oneContainerEach(poller.current());
        Attribution attribution = new Attribution(poller::current, () -> owners);
        Exposition exposition = new Exposition(
                registry,
                attribution,
                new SeriesBuilder(AttributionMode.LABELS),
                snapshot -> true,
                () -> new ExporterState(true, Optional.of(true), Optional.empty()),
                Runnable::run);
        new EncodeCost().measure(poller, attribution, exposition, WARM_UP);
        EncodeCost cost = new EncodeCost();
        cost.measure(poller, attribution, exposition, snapshots);
        cost.print();
    }

    /** Who holds a GPU whole, or each of its MIG devices. */
    private static WorkloadIndex oneContainerEach(Snapshot snapshot) {
        List<Allocation> allocations = snapshot.devices().stream()
                .flatMap(gpu -> gpu.mig().isEmpty()
                        ? Stream.of(gpu.uuid())
                        : gpu.mig().stream().map(MigPart::uuid))
                .map(uuid -> new Allocation(
                        new Workload("research", "train-" + uuid, "main"), "nvidia.com/gpu", DeviceId.parse(uuid)))
                .toList();
        return WorkloadIndex.of(Instant.now(), allocations, Optional.empty(), GpuResources.byForm());
    }

    private void measure(Poller poller, Attribution attribution, Exposition exposition, int snapshots)
            throws InterruptedException {
        Snapshot last = poller.current();
        while (cpuOfIdentity.size() < snapshots) {
            Thread.sleep(1);
            if (poller.current() != last && poller.current().devices().stream().allMatch(DeviceReading::isUp)) {
                last = poller.current();
                attribution.refresh();
                cpuOfIdentity.add(cpuMillis(() -> exposition.page(false, false).join(), 1));
                cpuOfGzip.add(cpuMillis(() -> exposition.page(false, true).join(), 1));
                cpuOfAgain.add(cpuMillis(() -> exposition.page(false, false).join(), AGAIN));
            }
        }
    }

    private static double cpuMillis(Runnable task, int times) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        for (int i = 0; i < times; i++) {
            task.run();
        }
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e6 / times;
    }

    private void print() {
        Figure.of("page of a new snapshot, written: CPU", "", "ms", cpuOfIdentity)
                .print();
        Figure.of("the same, compressed: CPU on top", "", "ms", cpuOfGzip).print();
        Figure.of(
                        "page, writing it each time : handing it out again (CPU)",
                        "",
                        ": 1",
                        cpuOfIdentity.median() / cpuOfAgain.median())
                .print();
    }
}
