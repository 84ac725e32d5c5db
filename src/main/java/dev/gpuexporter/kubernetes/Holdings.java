package dev.gpuexporter.kubernetes;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** What containers hold of some resources, in a fixed order, and what there is to hold. */
record Holdings(List<Allocation> allocations, Optional<Map<String, Set<DeviceId>>> allocatable) {

    static Holdings of(Collection<Allocation> allocations, Optional<Map<String, Set<DeviceId>>> allocatable) {
        return new Holdings(allocations.stream().distinct().sorted().toList(), allocatable);
    }

    Holdings only(BiPredicate<String, DeviceId> choice) {
        List<Allocation> chosen = allocations.stream()
                .filter(allocation -> choice.test(allocation.resource(), allocation.device()))
                .toList();
        return new Holdings(chosen, allocatable.map(devices -> only(devices, choice)));
    }

    private static Map<String, Set<DeviceId>> only(
            Map<String, Set<DeviceId>> devices, BiPredicate<String, DeviceId> choice) {
        Map<String, Set<DeviceId>> chosen = new TreeMap<>();
        devices.forEach((resource, ids) -> {
            for (DeviceId id : ids) {
                if (choice.test(resource, id)) {
                    chosen.computeIfAbsent(resource, name -> new HashSet<>()).add(id);
                }
            }
        });
        chosen.replaceAll((resource, ids) -> Set.copyOf(ids));
        return Collections.unmodifiableMap(chosen);
    }

    SortedMap<String, Stock> stock() {
        Map<String, Set<DeviceId>> held = new TreeMap<>();
        allocatable.ifPresent(devices -> devices.keySet().forEach(name -> held.put(name, new HashSet<>())));
        for (Allocation allocation : allocations) {
            held.computeIfAbsent(allocation.resource(), name -> new HashSet<>()).add(allocation.device());
        }
        SortedMap<String, Stock> counts = new TreeMap<>();
        held.forEach((resource, ids) -> counts.put(resource, new Stock(allocatable(resource, ids), ids.size())));
        return Collections.unmodifiableSortedMap(counts);
    }

    /** DRA drivers tell the kubelet of no stock: 0 would be a lie. */
    private OptionalInt allocatable(String resource, Set<DeviceId> held) {
        if (allocatable.isEmpty() || held.stream().anyMatch(DeviceId.Claimed.class::isInstance)) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(allocatable.get().getOrDefault(resource, Set.of()).size());
    }
}
