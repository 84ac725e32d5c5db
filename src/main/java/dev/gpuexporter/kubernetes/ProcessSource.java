package dev.gpuexporter.kubernetes;

import java.time.Instant;

/** Says which container a process runs in; {@link ProcessOwner} on a real node. */
@FunctionalInterface
public interface ProcessSource {
    /**
     * Where a process comes from.
     *
     * @param pid as the node counts
     * @param seenAt when the driver named it: one that started later has only inherited the number
     */
    ProcessOrigin origin(long pid, Instant seenAt);

    /** Whether processes can be followed to their pods here. */
    default ProcessSight sight() {
        return ProcessSight.CLEAR;
    }
}
