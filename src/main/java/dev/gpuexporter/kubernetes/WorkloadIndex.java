package dev.gpuexporter.kubernetes;

import static java.util.stream.Collectors.groupingBy;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Who holds which device of this node at one time: immutable, in a fixed order, swapped in whole. Devices of other
 * plugins, such as network cards, are only counted.
 */
public final class WorkloadIndex {
    private final Instant readAt;
    private final Holdings gpus;
    private final Map<DeviceId, List<Allocation>> byWhole;
    private final SortedMap<String, Stock> stock;
    private final SortedMap<String, Stock> otherStock;

    private WorkloadIndex(Instant readAt, Holdings gpus, Holdings others) {
        this.readAt = Objects.requireNonNull(readAt, "readAt");
        this.gpus = gpus;
        this.byWhole = gpus.allocations().stream()
                .collect(groupingBy(allocation -> allocation.device().whole()));
        this.stock = gpus.stock();
        this.otherStock = others.stock();
    }

    /**
     * Sorts an answer into GPUs and the rest.
     *
     * @param readAt when the kubelet answered
     * @param allocations all that containers hold; what comes twice counts once
     * @param allocatable the healthy devices of each resource, if the kubelet says
     * @param resources which of them are GPUs
     */
    public static WorkloadIndex of(
            Instant readAt,
            Collection<Allocation> allocations,
            Optional<Map<String, Set<DeviceId>>> allocatable,
            GpuResources resources) {
        Holdings all = Holdings.of(allocations, allocatable);
        return new WorkloadIndex(
                readAt,
                all.only(resources::include),
                all.only((resource, device) -> !resources.include(resource, device)));
    }

    /** Nobody is known to hold anything. */
    public static WorkloadIndex empty(Instant readAt) {
        return of(readAt, List.of(), Optional.empty(), GpuResources.byForm());
    }

    /** When the kubelet last answered; {@link Instant#EPOCH} where it never has. */
    public Instant readAt() {
        return readAt;
    }

    /** Every GPU device that a container holds, counted once by resource, id and container; sorted by workload. */
    public List<Allocation> allocations() {
        return gpus.allocations();
    }

    /** Who holds this device or shares of it: given a GPU, those who hold it whole and those of all its replicas. */
    public List<Allocation> holders(DeviceId device) {
        return byWhole.getOrDefault(device.whole(), List.of());
    }

    /** The healthy devices of each GPU resource, held or not; empty where the kubelet does not say. */
    public Optional<Map<String, Set<DeviceId>>> allocatable() {
        return gpus.allocatable();
    }

    /** How much there is of each GPU resource, by its name. */
    public SortedMap<String, Stock> stock() {
        return stock;
    }

    /** How much there is of each resource that is no GPU's, by its name. */
    public SortedMap<String, Stock> otherStock() {
        return otherStock;
    }
}
