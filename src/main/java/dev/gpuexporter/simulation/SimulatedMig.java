package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario.Window;

/**
 * A MIG device, from when it is made until it is taken away.
 *
 * @param index under which NVML finds it, and its handle's
 * @param name its profile, with its own slices in front where it is but a part of its GPU instance
 * @param gpuInstance the id of its GPU instance
 * @param slices compute slices of its own
 */
record SimulatedMig(
        int index,
        String uuid,
        String name,
        MigProfile profile,
        int gpuInstance,
        int computeInstance,
        int slices,
        int multiprocessors,
        Window life) {
    boolean isThere(long elapsedNanos) {
        return life.contains(elapsedNanos);
    }

    /** The part of its GPU instance that it is, 0–1. */
    double share() {
        return (double) multiprocessors / profile.multiprocessors();
    }
}
