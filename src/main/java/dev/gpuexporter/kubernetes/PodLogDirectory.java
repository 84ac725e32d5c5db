package dev.gpuexporter.kubernetes;

import java.util.Optional;

/**
 * A directory in {@code /var/log/pods}, named {@code <namespace>_<pod>_<uid>}. The kubelet never cuts this name: a pod
 * for which it would be too long does not start.
 */
record PodLogDirectory(String namespace, String pod, String uid) {
    static Optional<PodLogDirectory> of(String name) {
        String[] parts = name.split("_", -1); // none of the three may hold one
        return parts.length == 3 && !parts[0].isEmpty() && !parts[1].isEmpty() && !parts[2].isEmpty()
                ? Optional.of(new PodLogDirectory(parts[0], parts[1], parts[2]))
                : Optional.empty();
    }

    String name() {
        return namespace + "_" + pod + "_" + uid;
    }

    Workload workload(String container) {
        return new Workload(namespace, pod, container);
    }
}
