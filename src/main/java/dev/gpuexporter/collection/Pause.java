package dev.gpuexporter.collection;

import java.time.Duration;
import java.time.Instant;

/**
 * A while in which something is left alone.
 *
 * @param since when it began
 */
record Pause(Instant since, Duration length) {
    /** Nothing is left alone. */
    static final Pause NONE = new Pause(Instant.MIN, Duration.ZERO);

    /** Also where the clock has been set back since: nobody is left alone for the hours that it was set back by. */
    boolean isOver(Instant now) {
        return now.isBefore(since) || !now.isBefore(since.plus(length));
    }
}
