package dev.gpuexporter.kubernetes;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the kubelet answered, for all resources, GPUs or not.
 *
 * @param allocations each once, however many NUMA nodes a device is listed for
 * @param allocatable the healthy devices of each resource; empty where the kubelet does not say
 * @param connection a number that changes with every new connection: the kubelet at its other end may have just started
 *     and know little as yet
 */
public record PodResourcesAnswer(
        List<Allocation> allocations, Optional<Map<String, Set<DeviceId>>> allocatable, long connection) {
    public PodResourcesAnswer {
        allocations = allocations.stream().distinct().toList();
        allocatable = allocatable.map(PodResourcesAnswer::copy);
    }

    /** An answer from something that never restarts, such as a simulated node. */
    public static PodResourcesAnswer of(
            Collection<Allocation> allocations, Map<String, ? extends Set<DeviceId>> allocatable) {
        return new PodResourcesAnswer(List.copyOf(allocations), Optional.of(copy(allocatable)), 0);
    }

    private static Map<String, Set<DeviceId>> copy(Map<String, ? extends Set<DeviceId>> devices) {
        Map<String, Set<DeviceId>> copy = new LinkedHashMap<>();
        devices.forEach((resource, ids) -> copy.put(resource, Set.copyOf(ids)));
        return Map.copyOf(copy);
    }
}
