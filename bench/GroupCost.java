package bench;

import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.simulation.SimulatedNvml;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * How many calls into the driver each group of metrics adds to a poll of one GPU: those that are not made without it.
 * What two groups ask for alike is nobody's. How long a call takes is the driver's matter.
 */
final class GroupCost {
    private static final Duration INTERVAL =
            Duration.ofMillis(250); // samples of GPM lie 100 ms apart, or are not taken
    private static final int POLLS = 4;

    /** Unless somebody asks for them. */
    private static final Set<String> OFF = Set.of("pcie-throughput", "engines", "link-details", "p2p");

    private final AtomicLong calls = new AtomicLong();
    private final Vertx vertx = Vertx.vertx();

    private GroupCost() {}

    /** Arguments: a scenario of one GPU. */
    public static void main(String[] args) throws InterruptedException {
        try {
            new GroupCost().measure(args[0]);
            Runtime.getRuntime().halt(0);
        } finally {
            Runtime.getRuntime().halt(1); // the pollers' threads would go on
        }
    }

    private void measure(String scenario) throws InterruptedException {
        Set<String> all = Arrays.stream(Group.values())
                .filter(Group::isOptional)
                .map(Group::key)
                .filter(key -> !OFF.contains(key))
                .collect(Collectors.toSet());
        all.add("nvlink-per-link");
        double everything = callsOfAPoll(scenario, all);
        Figure.of("calls of a poll, " + scenario + ", all groups that are on", "", "", everything)
                .print();
        for (Group group : Group.values()) {
            if (all.contains(group.key()) && group != Group.EVENTS) {
                Set<String> others =
                        all.stream().filter(key -> !key.equals(group.key())).collect(Collectors.toSet());
                Figure.of(
                                "calls that " + group.key() + " adds, " + scenario,
                                "",
                                "",
                                everything - callsOfAPoll(scenario, others))
                        .print();
            }
        }
    }

    private double callsOfAPoll(String scenario, Set<String> switches) throws InterruptedException {
        SimulatedNvml nvml = new SimulatedNvml(new SimulatedNode(new ScenarioFile(GpuModels.names()).read(scenario)));
        Poller poller = new Poller(
                vertx,
                InstantSource.system(),
                () -> counted(nvml),
                new Host(Path.of("/nonexistent"), true),
                INTERVAL,
                Duration.ofSeconds(60),
                MetricCatalog.on(switches),
                new SimpleMeterRegistry(),
                Optional.empty(),
                () -> {},
                why -> {});
        poller.start();
        pass(poller, POLLS); // what is asked once, or found unsupported, is asked by then
        calls.set(0);
        pass(poller, POLLS);
        double counted = calls.get() / (double) POLLS;
        poller.stop(Duration.ofSeconds(1));
        return counted;
    }

    /** Between two polls nobody is inside the driver. */
    private static void pass(Poller poller, int polls) throws InterruptedException {
        for (int i = 0; i < polls; i++) {
            Snapshot last = poller.current();
            while (poller.current() == last || !poller.current().hasData()) {
                Thread.sleep(1);
            }
        }
    }

    private NvmlLibrary counted(NvmlLibrary library) {
        return (NvmlLibrary) Proxy.newProxyInstance(
                NvmlLibrary.class.getClassLoader(),
                new Class<?>[] {NvmlLibrary.class},
                (proxy, function, arguments) -> {
                    calls.incrementAndGet();
                    try {
                        return function.invoke(library, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
