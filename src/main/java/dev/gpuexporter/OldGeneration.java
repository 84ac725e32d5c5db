package dev.gpuexporter;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.Optional;

/**
 * Keeps the heap small. The serial collector leaves in the old generation what has died there until the heap is as large
 * as it may be; how much that is, we say here. What a start, a large answer of the kubelet or a flood of scrapes took goes
 * back to the system with it ({@code -XX:MaxHeapFreeRatio}).
 */
final class OldGeneration {
    private static final String OF_THE_SERIAL_COLLECTOR = "Tenured Gen";

    /** A collection takes some 40 ms: at rest, one in hours. */
    private static final long MAY_GROW_BYTES = 3 << 20;

    private final MemoryPoolMXBean pool;
    private final Runnable collection;

    OldGeneration(MemoryPoolMXBean pool, Runnable collection) {
        this.pool = pool;
        this.collection = collection;
    }

    /** Empty where another collector runs, which sees to it by itself. */
    static Optional<OldGeneration> found() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(OF_THE_SERIAL_COLLECTOR))
                .map(pool -> new OldGeneration(pool, System::gc))
                .findFirst();
    }

    /** Collects it if it has grown by much since it was last collected. */
    void keepSmall() {
        MemoryUsage lastCollected = pool.getCollectionUsage();
        if (pool.getUsage().getUsed() - lastCollected.getUsed() > MAY_GROW_BYTES) {
            collection.run();
        }
    }
}
