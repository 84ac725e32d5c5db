package dev.gpuexporter.attribution;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the containers of a node do with its devices, and what has befallen them there.
 *
 * @param byDevice by the UUID of the GPU or MIG device
 * @param xids by the UUID of the GPU
 * @param unseen why processes are not followed to their containers, and what would mend it; empty where they are, or
 *     nobody would miss it
 */
public record WorkloadUses(
        Map<String, List<WorkloadUse>> byDevice, Map<String, List<WorkloadXid>> xids, Optional<String> unseen) {
    static final WorkloadUses NONE = new WorkloadUses(Map.of(), Map.of(), Optional.empty());

    public List<WorkloadUse> of(String uuid) {
        return byDevice.getOrDefault(uuid, List.of());
    }

    public List<WorkloadXid> xids(String uuid) {
        return xids.getOrDefault(uuid, List.of());
    }

    WorkloadUses with(Map<String, List<WorkloadXid>> remembered) {
        return new WorkloadUses(byDevice, remembered, unseen);
    }
}
