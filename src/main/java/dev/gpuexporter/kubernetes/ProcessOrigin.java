package dev.gpuexporter.kubernetes;

import java.util.Objects;
import java.util.Optional;

/**
 * Where a process comes from.
 *
 * @param workload its container, for {@link Kind#NAMED} alone
 */
public record ProcessOrigin(Kind kind, Optional<Workload> workload) {
    /** What is known of it. */
    public enum Kind {
        /** It runs in a container whose names are known. */
        NAMED,
        /** It runs in a container, but nobody tells the names. */
        UNNAMED,
        /** It runs on the node, in no container of a pod. */
        OUTSIDE,
        /** It is MPS's own, and works for others. */
        MPS,
        /** It is not to be seen: gone, its number with another process by now, or in a namespace of its own. */
        UNSEEN
    }

    /** It runs on the node, in no container of a pod. */
    public static final ProcessOrigin OUTSIDE = new ProcessOrigin(Kind.OUTSIDE, Optional.empty());

    static final ProcessOrigin UNNAMED = new ProcessOrigin(Kind.UNNAMED, Optional.empty());
    static final ProcessOrigin MPS = new ProcessOrigin(Kind.MPS, Optional.empty());
    static final ProcessOrigin UNSEEN = new ProcessOrigin(Kind.UNSEEN, Optional.empty());

    public ProcessOrigin {
        Objects.requireNonNull(kind, "kind");
        if (workload.isPresent() != (kind == Kind.NAMED)) {
            throw new IllegalArgumentException(kind + " with " + workload);
        }
    }

    /** It runs in this container. */
    public static ProcessOrigin in(Workload workload) {
        return new ProcessOrigin(Kind.NAMED, Optional.of(workload));
    }
}
