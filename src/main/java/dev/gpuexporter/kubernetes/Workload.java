package dev.gpuexporter.kubernetes;

import java.util.Objects;

/** A container of a pod, by the names that the kubelet gives; a static pod is named {@code <name>-<node>}. */
public record Workload(String namespace, String pod, String container) implements Comparable<Workload> {
    public Workload {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(pod, "pod");
        Objects.requireNonNull(container, "container");
    }

    @Override
    public int compareTo(Workload other) {
        int order = namespace.compareTo(other.namespace);
        if (order == 0) {
            order = pod.compareTo(other.pod);
        }
        return order == 0 ? container.compareTo(other.container) : order;
    }

    // By hand: what the compiler makes for a record is put together anew at each start, and slow.

    @Override
    public boolean equals(Object other) {
        return other instanceof Workload workload
                && container.equals(workload.container)
                && pod.equals(workload.pod)
                && namespace.equals(workload.namespace);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * namespace.hashCode() + pod.hashCode()) + container.hashCode();
    }
}
