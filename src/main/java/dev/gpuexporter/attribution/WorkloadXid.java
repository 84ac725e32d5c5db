package dev.gpuexporter.attribution;

import dev.gpuexporter.kubernetes.Workload;
import java.time.Instant;

/**
 * An Xid that came while a container held the GPU, or a part of it.
 *
 * @param time when it last did
 */
public record WorkloadXid(Workload workload, int xid, Instant time) {}
