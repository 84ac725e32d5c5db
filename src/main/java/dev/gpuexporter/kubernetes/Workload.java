package dev.gpuexporter.kubernetes;

import java.util.Comparator;
import java.util.Objects;

/** A container of a pod, by the names that the kubelet gives; a static pod is named {@code <name>-<node>}. */
public record Workload(String namespace, String pod, String container) implements Comparable<Workload> {
    private static final Comparator<Workload> ORDER = Comparator.comparing(Workload::namespace)
            .thenComparing(Workload::pod)
            .thenComparing(Workload::container);

    public Workload {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(pod, "pod");
        Objects.requireNonNull(container, "container");
    }

    @Override
    public int compareTo(Workload other) {
        return ORDER.compare(this, other);
    }
}
