package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceProcess;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.SetBack;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.kubernetes.ProcessSight;
import dev.gpuexporter.kubernetes.ProcessSource;
import dev.gpuexporter.kubernetes.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out what containers do with devices, from view to view of the node; for one thread at a time. */
final class UseRecorder {
    private static final Logger log = LoggerFactory.getLogger(UseRecorder.class);

    private final ProcessSource source;
    private final EnergyAccounts energy = new EnergyAccounts();
    private final LastActivity activity = new LastActivity();
    private Snapshot newest;
    private FollowedProcesses processes;
    private ProcessSight said = ProcessSight.CLEAR;

    UseRecorder(ProcessSource source) {
        this.source = source;
    }

    void clockWas(SetBack setBack) {
        energy.clockWas(setBack);
        activity.clockWas(setBack);
    }

    /** To be told of every view of the node, in their order. */
    WorkloadUses record(NodeView node) {
        if (newest != node.snapshot()) {
            processes = new FollowedProcesses(node.snapshot(), source);
            newest = node.snapshot();
        }
        energy.note(node);
        activity.note(node, processes);
        Map<String, List<WorkloadUse>> uses = new HashMap<>();
        for (DeviceReading device : newest.devices()) {
            uses.put(device.uuid(), uses(device.uuid(), node.owner(device)));
            device.mig().forEach(mig -> uses.put(mig.uuid(), uses(mig.uuid(), node.owner(mig))));
        }
        return new WorkloadUses(uses, Map.of(), unseen(node));
    }

    /** Of those who hold the device, those who have processes there all the same, and those who have just gone. */
    private List<WorkloadUse> uses(String uuid, Ownership ownership) {
        Map<Workload, List<DeviceProcess>> own = processes.on(uuid);
        Set<Workload> present = new TreeSet<>(ownership.workloads());
        present.addAll(own.keySet());
        Set<Workload> all = new TreeSet<>(present);
        all.addAll(energy.of(uuid));
        return all.stream()
                .map(workload -> {
                    Holding holding = new Holding(uuid, workload);
                    boolean isThere = present.contains(workload);
                    WorkloadUse use = WorkloadUse.of(
                            workload, energy.joules(holding), isThere ? activity.of(holding) : Optional.empty());
                    return isThere && knows(uuid, workload) ? use.with(own.getOrDefault(workload, List.of())) : use;
                })
                .toList();
    }

    /**
     * Whether what is known of a container's processes on a device may be shown: some are known, or, for one that holds
     * the device, that there are none. That is known only where every process on the device is somebody else's for
     * sure: one whose container has no name yet may be the holder's, and 0 would be a lie.
     */
    private boolean knows(String uuid, Workload workload) {
        return processes.on(uuid).containsKey(workload) || processes.areWhole(uuid);
    }

    private Optional<String> unseen(NodeView node) {
        if (node.owners().isEmpty()) {
            return Optional.empty(); // nobody would miss it
        }
        ProcessSight sight = processes.sight();
        if (sight != said) {
            said = sight;
            log.info(
                    "{}: {}",
                    sight == ProcessSight.CLEAR
                            ? "what each pod uses of a GPU is shown"
                            : "what each pod uses of a GPU is left out",
                    sight.inWords());
        }
        return sight == ProcessSight.CLEAR ? Optional.empty() : Optional.of(sight.inWords());
    }
}
