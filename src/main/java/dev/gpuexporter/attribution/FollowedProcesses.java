package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceProcess;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.kubernetes.ProcessOrigin;
import dev.gpuexporter.kubernetes.ProcessSight;
import dev.gpuexporter.kubernetes.ProcessSource;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.MigPart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The processes of one snapshot, followed to their containers; each is asked for once. Changes no more. */
final class FollowedProcesses {
    private final ProcessSight sight;
    private final Map<String, Map<Workload, List<DeviceProcess>>> byDevice = new HashMap<>();
    private final Set<String> whole = new HashSet<>();

    FollowedProcesses(Snapshot snapshot, ProcessSource source) {
        sight = source.sight();
        Instant seenAt = snapshot.time().minus(snapshot.took());
        Map<Long, ProcessOrigin> origins = new HashMap<>();
        for (DeviceReading device : snapshot.devices()) {
            device.processes().ifPresent(processes -> {
                for (DeviceProcess process : processes) {
                    origins.computeIfAbsent(process.pid(), pid -> source.origin(pid, seenAt));
                }
                follow(device, processes, origins);
            });
        }
    }

    private void follow(DeviceReading device, List<DeviceProcess> processes, Map<Long, ProcessOrigin> origins) {
        Set<String> unclear = new HashSet<>();
        for (DeviceProcess process : processes) {
            Optional<String> place = place(device, process);
            ProcessOrigin origin = origins.get(process.pid());
            if (place.isEmpty()) {
                unclear.addAll(uuids(device));
            } else if (origin.workload().isPresent()) {
                byDevice.computeIfAbsent(place.get(), uuid -> new HashMap<>())
                        .computeIfAbsent(origin.workload().get(), workload -> new ArrayList<>())
                        .add(process);
            } else if (mayBeAnybodys(origin)) {
                unclear.add(place.get());
            }
        }
        if (sight == ProcessSight.CLEAR) {
            whole.addAll(uuids(device));
            whole.removeAll(unclear);
        }
    }

    /** What runs outside of pods, and MPS itself, is nobody's for sure. */
    private static boolean mayBeAnybodys(ProcessOrigin origin) {
        return switch (origin.kind()) {
            case UNNAMED, UNSEEN -> true;
            case NAMED, OUTSIDE, MPS -> false;
        };
    }

    /** The GPU, or the one MIG device that the driver can mean; empty where a driver does not tell on a GPU in MIG mode. */
    private static Optional<String> place(DeviceReading device, DeviceProcess process) {
        if (device.mig().isEmpty() && process.gpuInstance().isEmpty()) {
            return Optional.of(device.uuid());
        }
        List<String> fitting = device.mig().stream()
                .filter(mig -> process.gpuInstance().stream().anyMatch(id -> id == mig.gpuInstance())
                        && process.computeInstance().orElse(mig.computeInstance()) == mig.computeInstance())
                .map(MigPart::uuid)
                .toList();
        return fitting.size() == 1 ? Optional.of(fitting.get(0)) : Optional.empty();
    }

    private static List<String> uuids(DeviceReading device) {
        return device.mig().isEmpty()
                ? List.of(device.uuid())
                : device.mig().stream().map(MigPart::uuid).toList();
    }

    ProcessSight sight() {
        return sight;
    }

    /** By container; those of unknown containers are left out. */
    Map<Workload, List<DeviceProcess>> on(String uuid) {
        return byDevice.getOrDefault(uuid, Map.of());
    }

    /** Whether of each process on the device it is known whose it is, or that it is no container's. */
    boolean areWhole(String uuid) {
        return whole.contains(uuid);
    }
}
