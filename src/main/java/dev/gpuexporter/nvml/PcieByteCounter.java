package dev.gpuexporter.nvml;

import java.util.OptionalDouble;

/**
 * The bytes that went over PCIe in one direction, where they can be known. How wide the hardware's counter is, NVIDIA
 * does not say, and 32 bits are full in a tenth of a second on a fast link: so there is no value until the counter has
 * been seen beyond 32 bits, or unless the link is too slow to fill them between two readings
 * (docs/decisions/0005-counters-that-wrap.md).
 */
final class PcieByteCounter {
    private final WrappingCounter narrow = new WrappingCounter();
    private boolean wide;
    private long lastMicros;

    /**
     * Bytes, or nothing where they cannot be known.
     *
     * @param raw as the driver gives it; with all 64 bits in use it is negative
     * @param micros when it was read, on the driver's clock
     * @param mostBytesPerSecond what the link can carry; infinite where that is not known
     */
    OptionalDouble next(long raw, long micros, double mostBytesPerSecond) {
        wide |= raw < 0 || raw >= WrappingCounter.SIZE;
        if (wide) {
            return OptionalDouble.of(raw < 0 ? raw + 0x1p64 : raw);
        }
        long elapsed = micros - lastMicros;
        // The driver's clock is the time of day: it may be set, and even back.
        boolean knowsHowLong = lastMicros != 0 && elapsed > 0;
        lastMicros = micros;
        double most = mostBytesPerSecond * elapsed / 1e6;
        if (knowsHowLong && most < WrappingCounter.SIZE) {
            return OptionalDouble.of(narrow.next(raw, (long) most));
        }
        narrow.resume(raw);
        return OptionalDouble.empty();
    }
}
