package dev.gpuexporter.nvml;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The sum of several counters as one counter. It adds what each has counted, so that it does not fall when one of them
 * begins again, as a link's do when the link is trained anew, or does not answer for a while.
 */
final class CounterSum {
    private final Map<Integer, Double> last = new HashMap<>();
    private double total;

    /** @param values what each counter says, by a number that it keeps; those that do not answer are left out */
    OptionalDouble next(Map<Integer, Double> values) {
        values.forEach((counter, value) -> {
            Double before = last.put(counter, value);
            total += before == null || value < before ? value : value - before;
        });
        return last.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(total);
    }
}
