package dev.gpuexporter;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps the heap small. The serial collector leaves in the old generation what has died there until the heap is as large
 * as it may be. What a start or a flood of scrapes has left there is collected here as it grows, what a large answer of the
 * kubelet was within an hour; both go back to the system with it ({@code -XX:MaxHeapFreeRatio}).
 */
final class OldGeneration {
    private static final String OF_THE_SERIAL_COLLECTOR = "Tenured Gen";

    /** A collection takes some 40 ms, and at rest little that is new outlives a poll. */
    private static final long MAY_GROW_BYTES = 2 << 20;

    private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

    private final MemoryPoolMXBean pool;
    private final LongSupplier nanoTime;
    private final Runnable collection;
    private long collectedAt;

    OldGeneration(MemoryPoolMXBean pool, LongSupplier nanoTime, Runnable collection) {
        this.pool = pool;
        this.nanoTime = nanoTime;
        this.collection = collection;
        collectedAt = nanoTime.getAsLong();
    }

    /** Empty where another collector runs, which sees to it by itself. */
    static Optional<OldGeneration> found() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(OF_THE_SERIAL_COLLECTOR))
                .map(pool -> new OldGeneration(pool, System::nanoTime, System::gc))
                .findFirst();
    }

    /** Collects it if it has grown by much since it was last collected, and once an hour. */
    synchronized void keepSmall() {
        long grown = pool.getUsage().getUsed() - pool.getCollectionUsage().getUsed();
        if (grown > MAY_GROW_BYTES || nanoTime.getAsLong() - collectedAt >= LONGEST_NANOS) {
            collection.run();
            collectedAt = nanoTime.getAsLong();
        }
    }
}
