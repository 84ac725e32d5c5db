package dev.gpuexporter;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * What the JVM takes, under the names that Micrometer gives. Its own binders are told of each collection through JMX and
 * look at all threads six times a scrape; these read counters that the JVM has.
 */
final class JvmMetrics {
    private JvmMetrics() {}

    static void bindTo(MeterRegistry registry) {
        ManagementFactory.getMemoryPoolMXBeans().forEach(pool -> addMemory(pool, registry));
        ManagementFactory.getGarbageCollectorMXBeans().forEach(collector -> addPauses(collector, registry));
        addThreads(ManagementFactory.getThreadMXBean(), registry);
    }

    private static void addMemory(MemoryPoolMXBean pool, MeterRegistry registry) {
        addMemory("jvm.memory.used", "Memory in use.", pool, MemoryUsage::getUsed, registry);
        addMemory(
                "jvm.memory.committed", "Memory that the JVM has for use.", pool, MemoryUsage::getCommitted, registry);
        addMemory(
                "jvm.memory.max",
                "Memory that there can be; -1 where nothing says.",
                pool,
                MemoryUsage::getMax,
                registry);
    }

    private static void addMemory(
            String name, String help, MemoryPoolMXBean pool, ToLongFunction<MemoryUsage> of, MeterRegistry registry) {
        Gauge.builder(name, pool, its -> of.applyAsLong(its.getUsage()))
                .description(help)
                .baseUnit("bytes")
                .tag("area", pool.getType() == MemoryType.HEAP ? "heap" : "nonheap")
                .tag("id", pool.getName())
                .register(registry);
    }

    private static void addPauses(GarbageCollectorMXBean collector, MeterRegistry registry) {
        FunctionTimer.builder(
                        "jvm.gc.pause",
                        collector,
                        GarbageCollectorMXBean::getCollectionCount,
                        GarbageCollectorMXBean::getCollectionTime,
                        TimeUnit.MILLISECONDS)
                .description("Collections of garbage, and the time that they took.")
                .tag("gc", collector.getName())
                .register(registry);
    }

    private static void addThreads(ThreadMXBean threads, MeterRegistry registry) {
        Gauge.builder("jvm.threads.live", threads, ThreadMXBean::getThreadCount)
                .description("Threads that run or wait.")
                .baseUnit("threads")
                .register(registry);
        Gauge.builder("jvm.threads.daemon", threads, ThreadMXBean::getDaemonThreadCount)
                .description("Those of them that do not keep the process alive.")
                .baseUnit("threads")
                .register(registry);
        Gauge.builder("jvm.threads.peak", threads, ThreadMXBean::getPeakThreadCount)
                .description("The most threads at one time.")
                .baseUnit("threads")
                .register(registry);
        FunctionCounter.builder("jvm.threads.started", threads, ThreadMXBean::getTotalStartedThreadCount)
                .description("Threads that were started.")
                .baseUnit("threads")
                .register(registry);
    }
}
