package dev.gpuexporter.kubernetes;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toUnmodifiableSet;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;

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
    private final SortedMap<String, Stock> wholeStock;

    private WorkloadIndex(Instant readAt, Holdings gpus, Holdings others, Holdings all) {
        this.readAt = Objects.requireNonNull(readAt, "readAt");
        this.gpus = gpus;
        this.byWhole = gpus.allocations().stream()
                .collect(groupingBy(allocation -> allocation.device().whole()));
        this.stock = gpus.stock();
        this.otherStock = others.stock();
        this.wholeStock = all.stock();
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
                all.only((resource, device) -> !resources.include(resource, device)),
                all);
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

    /**
     * The GPUs that the kubelet has to give, held or not, by their UUIDs: those of which the whole, a MIG device or a
     * replica is healthy in a device plugin's eyes.
     *
     * @param gpu from an id to the UUID of the GPU that it is, or is a part of
     * @return empty where nothing says what there is to give: an older kubelet, one that has not answered, a node
     *     without a device plugin, as with DRA alone
     */
    public Optional<Set<String>> allocatableGpus(Function<DeviceId, Optional<String>> gpu) {
        boolean plugin = gpus.allocations().stream().anyMatch(held -> !(held.device() instanceof DeviceId.Claimed));
        return gpus.allocatable()
                .filter(devices -> plugin || !devices.isEmpty())
                .map(devices -> devices.values().stream()
                        .flatMap(Set::stream)
                        .flatMap(id -> gpu.apply(id.whole()).stream())
                        .collect(toUnmodifiableSet()));
    }

    /** How much there is of each GPU resource, by its name. */
    public SortedMap<String, Stock> stock() {
        return stock;
    }

    /** How much there is of each resource that is no GPU's, by its name. */
    public SortedMap<String, Stock> otherStock() {
        return otherStock;
    }

    /** How much there is of each resource, GPUs or not, by its name: once, even where only some of its ids are GPUs'. */
    public SortedMap<String, Stock> wholeStock() {
        return wholeStock;
    }
}
