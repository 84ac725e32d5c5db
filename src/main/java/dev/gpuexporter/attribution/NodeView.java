package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.ClusterView;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.metrics.MigPart;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The node as it is shown: one snapshot joined with one map of workloads.
 *
 * @param cluster what others than the kubelet say of the node and its pods
 * @param owners by the UUID of the GPU or MIG device
 * @param unmapped what containers hold and no GPU of the driver is
 * @param allocatable the UUIDs of the GPUs that the kubelet has to give, or parts of; empty where nothing says which
 * @param uses what containers do with the devices
 */
public record NodeView(
        Snapshot snapshot,
        WorkloadIndex workloads,
        ClusterView cluster,
        Map<String, Ownership> owners,
        List<Allocation> unmapped,
        Optional<Set<String>> allocatable,
        WorkloadUses uses) {

    NodeView with(WorkloadUses found) {
        return new NodeView(snapshot, workloads, cluster, owners, unmapped, allocatable, found);
    }

    /** Who holds this MIG device. */
    public Ownership owner(MigPart device) {
        return owners.getOrDefault(device.uuid(), Ownership.NOBODY);
    }

    /** Who holds the compute instances of a GPU instance. */
    public Ownership ownerOfGpuInstance(DeviceReading gpu, int gpuInstance) {
        return new Ownership(gpu.mig().stream()
                .filter(device -> device.gpuInstance() == gpuInstance)
                .flatMap(device -> owner(device).allocations().stream())
                .toList());
    }

    /** Who holds this GPU whole, or in replicas; who holds MIG devices of it is no owner of the GPU. */
    public Ownership owner(DeviceReading device) {
        return owners.getOrDefault(device.uuid(), Ownership.NOBODY);
    }
}
