package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import java.util.List;
import java.util.Map;

/**
 * The node as it is shown: one snapshot joined with one map of workloads.
 *
 * @param owners by UUID
 * @param unmapped what containers hold and no GPU of the driver is
 */
public record NodeView(
        Snapshot snapshot, WorkloadIndex workloads, Map<String, Ownership> owners, List<Allocation> unmapped) {

    /** Who holds this GPU. */
    public Ownership owner(DeviceReading device) {
        return owners.getOrDefault(device.uuid(), Ownership.NOBODY);
    }
}
