package dev.gpuexporter.nvml;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What must be known of a GPU's counters from one poll to the next. It outlives the handle that the GPU is read by, and
 * ends with the driver: then all counters begin anew.
 */
final class CounterMemory {
    private final Map<Object, Object> counters = new HashMap<>();

    /** The total of a counter that is 32 bits wide. */
    double continued(Object counter, long raw) {
        return of(counter, WrappingCounter::new).next(raw, WrappingCounter.HALF);
    }

    PcieByteCounter pcieBytes(Field field) {
        return of("bytes of " + field.id() + "/" + field.scope(), PcieByteCounter::new);
    }

    CounterSum sum(String counters) {
        return of("sum of " + counters, CounterSum::new);
    }

    private <T> T of(Object counter, Supplier<T> fresh) {
        @SuppressWarnings("unchecked") // each counter is of one kind
        T known = (T) counters.computeIfAbsent(counter, key -> fresh.get());
        return known;
    }
}
