package dev.gpuexporter.doctor;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.nvml.DriverVersions;
import dev.gpuexporter.nvml.Nvml;
import dev.gpuexporter.nvml.NvmlException;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;

/** What no metric tells: which GPUs will be in another mode after a reset. */
final class PendingModes {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private PendingModes() {}

    /** The indexes of the GPUs whose MIG mode is to change; of those alone that answer, lest the question hang. */
    static Set<Integer> ofMig(Nvml nvml, Snapshot snapshot) throws NvmlException {
        Set<Integer> changing = new TreeSet<>();
        nvml.open();
        try (Nvml.Visit visit = nvml.enter()) {
            for (DeviceReading device : snapshot.devices()) {
                OptionalDouble now = device.value("gpu_mig_enabled");
                if (now.isPresent() && device.versions().isPresent()) {
                    DriverVersions versions = device.versions().get();
                    OptionalDouble pending =
                            nvml.device(device.index(), versions).migPending();
                    if (pending.isPresent() && pending.getAsDouble() != now.getAsDouble()) {
                        changing.add(device.index());
                    }
                }
            }
        } finally {
            nvml.close(PATIENCE);
        }
        return changing;
    }
}
