package dev.gpuexporter.nvml;

/**
 * A hardware counter of 32 bits, continued past them: after 4 294 967 295 the hardware begins at zero again, the total
 * here goes on. A fall that is no wrap is a reset, after which the total is what the hardware says, as Prometheus
 * expects of a counter.
 */
final class WrappingCounter {
    /** How many values the hardware has. */
    static final long SIZE = 1L << 32;

    /**
     * Of an event, of which nobody knows how many there can be between two polls: the nearer of the two explanations is
     * taken.
     */
    static final long HALF = SIZE / 2;

    private static final long NEVER_READ = -1;

    private long last = NEVER_READ;
    private long total;

    /**
     * The total, now that the hardware says {@code raw}.
     *
     * @param raw from 0 to just below {@link #SIZE}
     * @param most how far it can have come since it was read last, below {@link #SIZE}
     */
    long next(long raw, long most) {
        long wrapped = raw + SIZE - last;
        if (last == NEVER_READ) {
            total = raw;
        } else if (raw >= last) {
            total += raw - last;
        } else if (wrapped <= most) {
            total += wrapped;
        } else {
            total = raw;
        }
        last = raw;
        return total;
    }

    /** The same after a time in which it may have wrapped more than once: what it counted meanwhile is left out. */
    long resume(long raw) {
        if (last == NEVER_READ) {
            total = raw;
        }
        last = raw;
        return total;
    }
}
