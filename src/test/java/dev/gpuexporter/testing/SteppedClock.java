package dev.gpuexporter.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that passes only when told to; the same for the simulated node and for the exporter that reads it. */
public final class SteppedClock implements InstantSource {
    /** When it starts. */
    public static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    private volatile Instant now = START;

    @Override
    public Instant instant() {
        return now;
    }

    /** Nanoseconds since {@link #START}. */
    public long nanos() {
        return Duration.between(START, now).toNanos();
    }

    public void advance(Duration step) {
        now = now.plus(step);
    }
}
