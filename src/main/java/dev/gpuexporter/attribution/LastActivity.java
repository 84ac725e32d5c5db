package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceProcess;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.SetBack;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.MigPart;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When each container was last active on a device: its own processes were, or it holds the device alone and the device
 * was. What was before it was first seen there is not its doing. Who has gone is forgotten as late as its energy is, so
 * that a kubelet that restarts costs no memory.
 */
final class LastActivity {
    private static final String MIG_ACTIVITY = "gpu_mig_graphics_engine_active_ratio";

    private final Map<Holding, Presence> presences = new HashMap<>();

    /** From when it was first seen until it was last seen, and when it was last active in between. */
    private record Presence(Instant since, Instant until, Optional<Instant> active) {
        Presence activeAt(Instant time) {
            boolean newest = (active.isEmpty() || time.isAfter(active.get())) && !time.isBefore(since);
            return newest ? new Presence(since, until, Optional.of(time)) : this;
        }

        Presence after(SetBack setBack) {
            return new Presence(setBack.past(since), setBack.past(until), active.map(setBack::past));
        }
    }

    void clockWas(SetBack setBack) {
        presences.replaceAll((holding, presence) -> presence.after(setBack));
    }

    /** To be told of every view of the node, in their order. */
    void note(NodeView node, FollowedProcesses processes) {
        Instant now = node.snapshot().time();
        for (DeviceReading device : node.snapshot().devices()) {
            Ownership ownership = node.owner(device);
            note(device.uuid(), node, ownership, processes.on(device.uuid()));
            device.history()
                    .lastActive()
                    .filter(active -> !active.isBefore(ownership.since()))
                    .ifPresent(active -> ownership
                            .exclusiveOwner()
                            .ifPresent(owner -> active(new Holding(device.uuid(), owner), active)));
            device.mig().forEach(mig -> note(mig.uuid(), node, node.owner(mig), processes.on(mig.uuid())));
            device.mig().forEach(mig -> noteEngine(device, mig, node));
        }
        presences.values().removeIf(presence -> presence.until()
                .plus(EnergyAccounts.LINGERS)
                .isBefore(now));
    }

    private void note(String uuid, NodeView node, Ownership ownership, Map<Workload, List<DeviceProcess>> processes) {
        Instant now = node.snapshot().time();
        ownership
                .workloads()
                .forEach(holder ->
                        isThere(new Holding(uuid, holder), node.workloads().readAt(), now));
        processes.forEach((workload, own) -> {
            Holding holding = new Holding(uuid, workload);
            isThere(holding, now, now);
            if (isAnyBusy(own)) {
                active(holding, now);
            }
        });
    }

    private static boolean isAnyBusy(List<DeviceProcess> processes) {
        for (DeviceProcess process : processes) {
            if (process.smUtilizationRatio().orElse(0) > 0) {
                return true;
            }
        }
        return false;
    }

    /** The engine is the GPU instance's: whose it was is known where one container holds all that is held of that. */
    private void noteEngine(DeviceReading device, MigPart part, NodeView node) {
        if (device.value(part, MIG_ACTIVITY).orElse(0) == 0) {
            return;
        }
        node.ownerOfGpuInstance(device, part.gpuInstance()).exclusiveOwner().ifPresent(owner -> device.mig().stream()
                .filter(mig -> mig.gpuInstance() == part.gpuInstance())
                .filter(mig -> node.owner(mig).workloads().contains(owner))
                .forEach(mig ->
                        active(new Holding(mig.uuid(), owner), node.snapshot().time())));
    }

    private void isThere(Holding holding, Instant since, Instant now) {
        presences.compute(
                holding,
                (key, before) -> before == null
                        ? new Presence(since, now, Optional.empty())
                        : new Presence(before.since(), now, before.active()));
    }

    private void active(Holding holding, Instant time) {
        presences.computeIfPresent(holding, (key, presence) -> presence.activeAt(time));
    }

    Optional<Instant> of(Holding holding) {
        return Optional.ofNullable(presences.get(holding)).flatMap(Presence::active);
    }
}
