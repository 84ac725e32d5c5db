package dev.gpuexporter.collection;

import java.time.Instant;
import java.util.Optional;

/**
 * How often something has come since this process started.
 *
 * @param last empty where it never has
 */
public record Occurrences(long count, Optional<Instant> last) {
    static final Occurrences NONE = new Occurrences(0, Optional.empty());

    Occurrences after(SetBack setBack) {
        return new Occurrences(count, setBack.past(last));
    }

    Occurrences next(Instant time) {
        return new Occurrences(count + 1, Optional.of(time));
    }
}
