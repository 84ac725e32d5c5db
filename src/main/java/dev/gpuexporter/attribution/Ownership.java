package dev.gpuexporter.attribution;

import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.Workload;
import java.util.List;
import java.util.Optional;

/**
 * Who holds one GPU.
 *
 * @param allocations who holds it, or shares of it; empty where nobody does
 */
public record Ownership(List<Allocation> allocations) {
    static final Ownership NOBODY = new Ownership(List.of());

    /** Those who hold it, each once. */
    public List<Workload> workloads() {
        return allocations.stream().map(Allocation::workload).distinct().toList();
    }

    /** Handed out in replicas, or held by several containers: then nobody's in particular. */
    public boolean isShared() {
        return allocations.stream().anyMatch(allocation -> allocation.device().shared())
                || workloads().size() > 1;
    }

    /** The one container that holds it alone. */
    public Optional<Workload> exclusiveOwner() {
        return allocations.isEmpty() || isShared()
                ? Optional.empty()
                : Optional.of(workloads().get(0));
    }
}
