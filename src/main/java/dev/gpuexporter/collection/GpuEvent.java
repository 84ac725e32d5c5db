package dev.gpuexporter.collection;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * Something that a GPU told of.
 *
 * @param time when we heard of it, at most a second after it happened
 * @param kind {@code xid}, or the word that gpu_events_total has for it
 * @param xid empty for any other kind
 * @param gpuInstance the part of a GPU in MIG mode that an Xid hit
 */
public record GpuEvent(
        String uuid,
        Instant time,
        String kind,
        OptionalInt xid,
        OptionalInt gpuInstance,
        OptionalInt computeInstance) {}
