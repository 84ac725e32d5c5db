package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OldGenerationTest {
    private static final long MIB = 1 << 20;

    private int collections;

    @Test
    void isLeftAloneUntilItHasGrownByMuch() {
        keepSmall(12 * MIB, 15 * MIB);
        assertThat(collections).isZero();
        keepSmall(12 * MIB, 15 * MIB + 1);
        assertThat(collections).isEqualTo(1);
    }

    @Test
    void isCollectedWhereTheStartHasFilledIt() {
        keepSmall(0, 8 * MIB);
        assertThat(collections).isEqualTo(1);
    }

    private void keepSmall(long whenLastCollected, long now) {
        Map<String, MemoryUsage> usages =
                Map.of("getCollectionUsage", usage(whenLastCollected), "getUsage", usage(now));
        MemoryPoolMXBean pool = (MemoryPoolMXBean) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {MemoryPoolMXBean.class},
                (proxy, method, arguments) -> usages.get(method.getName()));
        new OldGeneration(pool, () -> collections++).keepSmall();
    }

    private static MemoryUsage usage(long used) {
        return new MemoryUsage(0, used, used, -1);
    }
}
