package dev.gpuexporter.doctor;

import dev.gpuexporter.kubernetes.KubeletSocket;
import java.nio.file.Path;
import java.util.List;

/**
 * The files by which the machine shows what it is.
 *
 * @param root above all of them: {@code /} on a node
 */
public record HostFiles(Path root) {
    /** Those of the machine that this process runs on. */
    public static HostFiles ofThisMachine() {
        return new HostFiles(Path.of("/"));
    }

    /** A file by its path on the machine. */
    Path at(String path) {
        return root.resolve(path.substring(1));
    }

    /** As the machine names it. */
    String name(Path file) {
        return "/" + root.relativize(file);
    }

    /** Where kubelets keep their files. */
    List<Path> kubeletRoots() {
        return KubeletSocket.KUBELET_ROOTS.stream()
                .map(known -> at(known.toString()))
                .toList();
    }
}
