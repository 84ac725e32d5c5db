package dev.gpuexporter.kubernetes;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The node's pods as the API server described them at one time: immutable, swapped in whole. */
public final class PodIndex {
    static final PodIndex EMPTY = of(List.of());

    private final Map<String, PodDescription> byName = new HashMap<>();
    private final Map<String, Workload> byContainer = new HashMap<>();

    private PodIndex() {}

    static PodIndex of(Collection<PodDescription> pods) {
        PodIndex index = new PodIndex();
        for (PodDescription pod : pods) {
            index.byName.put(key(pod.namespace(), pod.name()), pod);
            pod.containers()
                    .forEach((id, name) -> index.byContainer.put(id, new Workload(pod.namespace(), pod.name(), name)));
        }
        return index;
    }

    /** No name of either kind holds a slash. */
    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    public Optional<PodDescription> pod(String namespace, String name) {
        return Optional.ofNullable(byName.get(key(namespace, name)));
    }

    /** The names of a container, where its process is all that is known. */
    public Optional<Workload> container(String containerId) {
        return Optional.ofNullable(byContainer.get(containerId));
    }
}
