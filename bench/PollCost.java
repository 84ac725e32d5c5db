package bench;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.NvmlSource;
import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.nvml.NvmlLoader;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.simulation.SimulatedNvml;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Polls a driver in a process of its own: the compiled one, or a simulated one, which has MIG devices. Where the driver
 * takes its time, what the GPU that waited longest spent inside calls is taken off the poll; what is left is ours:
 * threads, JNA, decoding, publishing.
 */
final class PollCost {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final int WARM_UP = 100;

    private final Map<Thread, AtomicLong> insideNanos = new ConcurrentHashMap<>();
    private final AtomicLong calls = new AtomicLong();
    private Samples shareInside = new Samples();

    private PollCost() {}

    /** Arguments: compiled, the library's directory and how long it takes for a call, µs, or simulated and what; polls. */
    public static void main(String[] args) throws InterruptedException {
        try {
            PollCost cost = new PollCost();
            int polls = Integer.parseInt(args[args.length - 1]);
            if (args[0].equals("simulated")) {
                SimulatedNode node = new SimulatedNode(new ScenarioFile(GpuModels.names()).read(args[1]));
                SimulatedNvml nvml = new SimulatedNvml(node);
                cost.withoutTheDriver(() -> cost.accounted(nvml), "a simulated driver", polls);
            } else if (args[2].equals("0")) {
                cost.whole(new NvmlLoader(Optional.of(Path.of(args[1])))::load, polls);
            } else {
                NvmlLoader loader = new NvmlLoader(Optional.of(Path.of(args[1])));
                cost.withoutTheDriver(
                        () -> cost.accounted(loader.load()),
                        "a driver that takes " + args[2] + " µs for each of its calls",
                        polls);
            }
            Runtime.getRuntime().halt(0);
        } finally {
            Runtime.getRuntime().halt(1); // the poller's threads would go on
        }
    }

    /** What is read where nobody has asked for more, or for less. */
    static List<GpuMetric> onByDefault() {
        return MetricCatalog.on(new SettingsLoader()
                .load(Optional.empty(), Map.of(), List.of())
                .settings()
                .metricSwitches());
    }

    private static Poller warmedUp(NvmlSource driver) throws InterruptedException {
        Poller poller = new Poller(
                Vertx.vertx(),
                InstantSource.system(),
                driver,
                new Host(Path.of("/nonexistent"), true),
                INTERVAL,
                Duration.ofSeconds(60),
                onByDefault(),
                new SimpleMeterRegistry(),
                Optional.empty(),
                () -> {},
                why -> {});
        poller.start();
        while (!poller.current().hasData()) {
            Thread.sleep(1);
        }
        return poller;
    }

    private void whole(NvmlSource driver, int polls) throws InterruptedException {
        Poller poller = warmedUp(driver);
        next(poller, WARM_UP);
        double cpu = othersCpuMillis();
        Samples ours = next(poller, polls);
        Figure.of("poll, the driver answers at once: all of it", "< 5 ms", "ms", ours)
                .print();
        Figure.of("poll, the driver answers at once: CPU", "", "ms", (othersCpuMillis() - cpu) / polls)
                .print();
    }

    private void withoutTheDriver(NvmlSource driver, String who, int polls) throws InterruptedException {
        Poller poller = warmedUp(driver);
        int gpus = poller.current().devices().size();
        next(poller, WARM_UP);
        calls.set(0);
        shareInside = new Samples();
        Samples ours = next(poller, polls);
        String poll = "poll, " + who + ": ";
        Figure.of(poll + "outside it", "< 5 ms", "ms", ours).print();
        Figure.of(poll + "share of the time inside it", "> 90 %", "%", 100 * shareInside.median())
                .print();
        Figure.of(poll + "calls a GPU", "", "", calls.get() / (double) polls / gpus)
                .print();
    }

    /** Waits for polls; milliseconds of each that were not the driver's. */
    private Samples next(Poller poller, int polls) throws InterruptedException {
        Samples samples = new Samples();
        Snapshot last = poller.current();
        int late = 0;
        while (samples.size() < polls) {
            Thread.sleep(2);
            Snapshot now = poller.current();
            if (now != last) {
                last = now;
                double inside = longestInsideNanos();
                if (now.devices().stream().allMatch(DeviceReading::isUp)) {
                    samples.add((now.took().toNanos() - inside) / 1e6);
                    shareInside.add(inside / now.took().toNanos());
                } else if (++late > polls) { // a machine that is busy with others' work makes some late
                    throw new IllegalStateException(
                            "the GPUs do not answer in time: " + now.devices().get(0));
                }
            }
        }
        return samples;
    }

    /** Between two polls nobody is inside. */
    private long longestInsideNanos() {
        return insideNanos.values().stream()
                .mapToLong(nanos -> nanos.getAndSet(0))
                .max()
                .orElse(0);
    }

    private NvmlLibrary accounted(NvmlLibrary library) {
        return (NvmlLibrary) Proxy.newProxyInstance(
                NvmlLibrary.class.getClassLoader(),
                new Class<?>[] {NvmlLibrary.class},
                (proxy, function, arguments) -> {
                    long start = System.nanoTime();
                    try {
                        return function.invoke(library, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        calls.incrementAndGet();
                        insideNanos
                                .computeIfAbsent(Thread.currentThread(), thread -> new AtomicLong())
                                .addAndGet(System.nanoTime() - start);
                    }
                });
    }

    /** Of all threads but this one, which only watches. */
    private static double othersCpuMillis() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (long id : threads.getAllThreadIds()) {
            if (id != Thread.currentThread().getId()) {
                nanos += Math.max(0, threads.getThreadCpuTime(id));
            }
        }
        return nanos / 1e6;
    }
}
