package dev.gpuexporter.simulation;

/**
 * Where all that looks like chance comes from: a number for every place and time, the same in every run and whatever
 * was asked before. A generator with a state would not do: its numbers depend on how often it was asked.
 */
record Seed(long value) {
    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;
    private static final double ULP = 0x1p-53;

    /** A seed of its own for one part of the simulation. */
    Seed of(String part) {
        long hash = value;
        for (int i = 0; i < part.length(); i++) {
            hash = mix(hash + GOLDEN_RATIO * (part.charAt(i) + 1));
        }
        return new Seed(hash);
    }

    /** All 64 bits, for the n-th moment. */
    long bits(long n) {
        return mix(value + GOLDEN_RATIO * (n + 1));
    }

    /** From 0 to just below 1. */
    double uniform(long n) {
        return (bits(n) >>> 11) * ULP;
    }

    /** From −1 to just below 1. */
    double around(long n) {
        return 2 * uniform(n) - 1;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long z) {
        long x = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
