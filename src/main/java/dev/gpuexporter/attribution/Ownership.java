package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.SetBack;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who holds one GPU.
 *
 * @param allocations who holds it, or shares of it; empty where nobody does
 * @param since when the one container that holds it was first known to; what was before is not its doing
 */
public record Ownership(List<Allocation> allocations, Instant since) {
    static final Ownership NOBODY = new Ownership(List.of(), Instant.EPOCH);

    /** Of which nobody knows since when. */
    public Ownership(List<Allocation> allocations) {
        this(allocations, Instant.EPOCH);
    }

    /** The same, from when it has been so, if it was so before. */
    Ownership after(Ownership before) {
        return exclusiveOwner().equals(before.exclusiveOwner()) ? new Ownership(allocations, before.since) : this;
    }

    Ownership after(SetBack setBack) {
        return new Ownership(allocations, setBack.past(since));
    }

    /** Those who hold it, each once. */
    public List<Workload> workloads() {
        return allocations.size() == 1
                ? List.of(allocations.get(0).workload())
                : allocations.stream().map(Allocation::workload).distinct().toList();
    }

    /** Handed out in replicas, or held by several containers: then nobody's in particular. */
    public boolean isShared() {
        for (Allocation allocation : allocations) {
            boolean another = !allocation.workload().equals(allocations.get(0).workload());
            if (another || allocation.device().shared()) {
                return true;
            }
        }
        return false;
    }

    /** The one container that holds it alone. */
    public Optional<Workload> exclusiveOwner() {
        return allocations.isEmpty() || isShared()
                ? Optional.empty()
                : Optional.of(allocations.get(0).workload());
    }
}
