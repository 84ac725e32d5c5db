package dev.gpuexporter.attribution;

import dev.gpuexporter.kubernetes.Workload;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * An Xid that came while a container held the GPU, or a part of it.
 *
 * @param time when it last did
 */
public record WorkloadXid(Workload workload, int xid, Instant time) {
    /** {@code Xid 79 at 2026-03-01T12:00:31Z, held by research/train-1 main}. */
    String inWords() {
        return "Xid %d at %s, held by %s/%s %s"
                .formatted(
                        xid,
                        time.truncatedTo(ChronoUnit.SECONDS),
                        workload.namespace(),
                        workload.pod(),
                        workload.container());
    }
}
