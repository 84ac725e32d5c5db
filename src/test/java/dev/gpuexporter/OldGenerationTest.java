package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OldGenerationTest {
    private static final long MIB = 1 << 20;

    private final AtomicLong nanos = new AtomicLong();
    private int collections;

    @Test
    void isLeftAloneUntilItHasGrownByMuch() {
        keepSmall(12 * MIB, 14 * MIB);
        assertThat(collections).isZero();
        keepSmall(12 * MIB, 14 * MIB + 1);
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void isCollectedWhereTheStartHasFilledIt() {
        keepSmall(0, 8 * MIB);
        assertThat(collections).isEqualTo(1);
    }

    /** The collector was there while all of it lived, as it does while a large answer is read. */
    @Test
    void isCollectedOnceAnHourWhereItDoesNotGrow() {
        OldGeneration old = old(36 * MIB, 36 * MIB);
        for (int minute = 1; minute <= 150; minute++) {
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
            old.keepSmall();
            assertThat(collections).as("after %d minutes", minute).isEqualTo(minute / 60);
        }
    }

    private void keepSmall(long whenLastCollected, long now) {
        old(whenLastCollected, now).keepSmall();
    }

    private OldGeneration old(long whenLastCollected, long now) {
        Map<String, MemoryUsage> usages =
                Map.of("getCollectionUsage", usage(whenLastCollected), "getUsage", usage(now));
        MemoryPoolMXBean pool = (MemoryPoolMXBean) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {MemoryPoolMXBean.class},
                (proxy, method, arguments) -> usages.get(method.getName()));
        return new OldGeneration(pool, nanos::get, () -> collections++);
    }

    private static MemoryUsage usage(long used) {
        return new MemoryUsage(0, used, used, -1);
    }
}
