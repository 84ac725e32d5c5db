package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.GpuEvent;
import dev.gpuexporter.collection.SetBack;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.ClusterView;
import dev.gpuexporter.kubernetes.ProcessSource;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the newest snapshot with the newest map of workloads and what else is known of the node: once, when something new
 * comes, whether anybody scrapes or not. Whoever shows the node takes the join that is there.
 */
public final class Attribution {
    private static final Logger log = LoggerFactory.getLogger(Attribution.class);
    private static final int MOST_SAID = 100;

    private final Supplier<Snapshot> snapshots;
    private final Supplier<WorkloadIndex> workloads;
    private final Supplier<ClusterView> cluster;
    private final Set<String> saidUnmapped = new HashSet<>();
    private final Optional<UseRecorder> uses;
    private final XidMemory xids = new XidMemory();
    private volatile NodeView current;

    /** Without what containers do with their devices. */
    public Attribution(Supplier<Snapshot> snapshots, Supplier<WorkloadIndex> workloads) {
        this(snapshots, workloads, Optional.empty());
    }

    /** Of a node of which nobody but the kubelet says more. */
    public Attribution(
            Supplier<Snapshot> snapshots, Supplier<WorkloadIndex> workloads, Optional<ProcessSource> processes) {
        this(snapshots, workloads, () -> ClusterView.NONE, processes);
    }

    /** @param processes where they come from; empty where nobody wants to know what containers do with their devices */
    public Attribution(
            Supplier<Snapshot> snapshots,
            Supplier<WorkloadIndex> workloads,
            Supplier<ClusterView> cluster,
            Optional<ProcessSource> processes) {
        this.snapshots = snapshots;
        this.workloads = workloads;
        this.cluster = cluster;
        this.uses = processes.map(UseRecorder::new);
        this.current = join(snapshots.get(), workloads.get(), cluster.get());
    }

    /** The node now; the same object until there is something new of it. */
    public NodeView current() {
        return current;
    }

    /** To be told of every new snapshot, map and view of the cluster; not on an event loop. */
    public synchronized void refresh() {
        Snapshot snapshot = snapshots.get();
        WorkloadIndex index = workloads.get();
        ClusterView others = cluster.get();
        if (current.snapshot() != snapshot || current.workloads() != index || current.cluster() != others) {
            current = join(snapshot, index, others);
        }
    }

    /** To be told of what a GPU tells of, when it does; whoever holds the GPU then is remembered with the next view. */
    public void told(GpuEvent event) {
        xids.note(event, current);
    }

    private NodeView join(Snapshot snapshot, WorkloadIndex index, ClusterView others) {
        // Whoever answers comes last: a minor number or an index is its own, and no longer that of a GPU that was.
        DeviceResolver resolver = new DeviceResolver(
                snapshot.devices().stream()
                        .filter(device -> device.identity().isPresent())
                        .sorted(Comparator.comparing(DeviceReading::isUp))
                        .toList(),
                others.devices());
        Map<String, List<Allocation>> byUuid = new HashMap<>();
        List<Allocation> unmapped = new ArrayList<>();
        for (Allocation allocation : index.allocations()) {
            List<String> uuids = resolver.uuids(allocation.device());
            uuids.forEach(uuid ->
                    byUuid.computeIfAbsent(uuid, device -> new ArrayList<>()).add(allocation));
            if (uuids.isEmpty()) {
                unmapped.add(allocation);
            }
        }
        if (snapshot.isNvmlUp()) {
            unmapped.forEach(this::sayOnce);
        }
        Map<String, Ownership> owners = new HashMap<>();
        Instant since = knewOwners() ? index.readAt() : Instant.EPOCH;
        byUuid.forEach(
                (uuid, allocations) -> owners.put(uuid, new Ownership(allocations, since).after(ownerBefore(uuid))));
        Optional<SetBack> clock = current == null ? Optional.empty() : SetBack.between(current.snapshot(), snapshot);
        clock.ifPresent(setBack -> clockWas(setBack, owners));
        NodeView node = new NodeView(
                snapshot, index, others, owners, unmapped, allocatable(index, resolver), WorkloadUses.NONE);
        return node.with(uses.map(recorder -> recorder.record(node))
                .orElse(WorkloadUses.NONE)
                .with(xids.at(snapshot.time())));
    }

    private void clockWas(SetBack setBack, Map<String, Ownership> owners) {
        owners.replaceAll((uuid, ownership) -> ownership.after(setBack));
        xids.clockWas(setBack);
        uses.ifPresent(recorder -> recorder.clockWas(setBack));
    }

    /** Ids of which none is a GPU's say nothing of the GPUs. */
    private static Optional<Set<String>> allocatable(WorkloadIndex index, DeviceResolver resolver) {
        boolean nothingToGive = index.allocatable().filter(Map::isEmpty).isPresent();
        return index.allocatableGpus(resolver::gpuUuid).filter(uuids -> nothingToGive || !uuids.isEmpty());
    }

    /** Before both the driver and the kubelet have answered once, whoever holds a device may have held it for long. */
    private boolean knewOwners() {
        return current != null
                && !current.snapshot().devices().isEmpty()
                && !current.workloads().readAt().equals(Instant.EPOCH);
    }

    private Ownership ownerBefore(String uuid) {
        return current == null ? Ownership.NOBODY : current.owners().getOrDefault(uuid, Ownership.NOBODY);
    }

    /** Each, until there are so many that something is wrong with all of them. */
    private void sayOnce(Allocation allocation) {
        if (saidUnmapped.size() > MOST_SAID) {
            return;
        }
        if (saidUnmapped.add(allocation.resource() + " " + allocation.device().raw())) {
            if (saidUnmapped.size() > MOST_SAID) {
                log.warn(
                        "more than {} devices that the driver does not know are held; no more of them are named",
                        MOST_SAID);
                return;
            }
            log.warn(
                    "{}, is no GPU that the driver knows; counted in gpu_exporter_unmapped_devices",
                    allocation.inWords());
        }
    }
}
