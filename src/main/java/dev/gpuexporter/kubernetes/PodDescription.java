package dev.gpuexporter.kubernetes;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What the API server knows of a pod and the kubelet does not say.
 *
 * @param uid for a static pod not the one in its cgroups
 * @param controller empty for a pod that somebody made by itself
 * @param labels those that are shown, by the names they are shown under
 * @param containers their names by their ids, which are without {@code containerd://} and the like
 */
public record PodDescription(
        String namespace,
        String name,
        String uid,
        Optional<PodController> controller,
        SortedMap<String, String> labels,
        Map<String, String> containers) {
    public PodDescription {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(uid, "uid");
        Objects.requireNonNull(controller, "controller");
        Objects.requireNonNull(labels, "labels");
        containers = Map.copyOf(containers);
    }
}
