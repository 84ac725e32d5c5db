package dev.gpuexporter.collection;

import java.time.Instant;
import java.util.Optional;

/**
 * The node's clock was set back to this time. What is remembered of a later one came no later than now, and is said to
 * have come now: nothing lies in the future, and windows go on from here.
 */
public record SetBack(Instant now) {
    /** Empty where time went on from one snapshot to the next. */
    public static Optional<SetBack> between(Snapshot before, Snapshot after) {
        return after.time().isBefore(before.time()) ? Optional.of(new SetBack(after.time())) : Optional.empty();
    }

    /** That time, where it has come by the clock as it is now; else now. */
    public Instant past(Instant time) {
        return time.isAfter(now) ? now : time;
    }

    Optional<Instant> past(Optional<Instant> time) {
        return time.map(this::past);
    }
}
