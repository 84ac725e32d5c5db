package bench;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.nvml.NvmlLoader;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Polls the compiled driver in a process of its own. Where the driver takes its time, what the GPU that waited longest
 * spent inside calls is taken off the poll; what is left is ours: threads, JNA, decoding, publishing.
 */
final class PollCost {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final int WARM_UP = 100;

    private final Map<Thread, AtomicLong> insideNanos = new ConcurrentHashMap<>();
    private final AtomicLong calls = new AtomicLong();

    private PollCost() {}

    /** Arguments: the library's directory, how many polls, and how long the driver takes for a call, µs. */
    public static void main(String[] args) throws InterruptedException {
        try {
            new PollCost().measure(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            Runtime.getRuntime().halt(0);
        } finally {
            Runtime.getRuntime().halt(1); // the poller's threads would go on
        }
    }

    private void measure(Path library, int polls, int delayMicros) throws InterruptedException {
        NvmlLoader loader = new NvmlLoader(Optional.of(library));
        Poller poller = new Poller(
                Vertx.vertx(),
                InstantSource.system(),
                () -> delayMicros == 0 ? loader.load() : accounted(loader.load()),
                new Host(Path.of("/nonexistent"), true),
                INTERVAL,
                MetricCatalog.all(),
                new SimpleMeterRegistry(),
                Optional.empty(),
                () -> {},
                why -> {});
        poller.start();
        while (!poller.current().hasData()) {
            Thread.sleep(1);
        }
        int gpus = poller.current().devices().size();
        next(poller, WARM_UP);
        calls.set(0);
        double cpu = othersCpuMillis();
        Samples ours = next(poller, polls);
        if (delayMicros == 0) {
            Figure.of("poll, the driver answers at once: all of it", "< 5 ms", "ms", ours)
                    .print();
            Figure.of("poll, the driver answers at once: CPU", "", "ms", (othersCpuMillis() - cpu) / polls)
                    .print();
        } else {
            String driver = "poll, a driver that takes " + delayMicros + " µs for each of "
                    + Math.round(calls.get() / (double) polls / gpus) + " calls a GPU: outside it";
            Figure.of(driver, "< 5 ms", "ms", ours).print();
        }
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
                double ours = (now.took().toNanos() - longestInsideNanos()) / 1e6;
                if (now.devices().stream().allMatch(DeviceReading::isUp)) {
                    samples.add(ours);
                } else if (++late > polls / 10) {
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
