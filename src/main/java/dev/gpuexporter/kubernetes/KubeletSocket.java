package dev.gpuexporter.kubernetes;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;

/**
 * Where the kubelet's PodResources socket may lie. Looked for each time: a kubelet that starts after us puts it there
 * later, and one that starts again replaces it.
 *
 * @param candidates the paths of the socket, the likeliest first
 */
public record KubeletSocket(List<Path> candidates) {
    /** kubeadm and nearly everyone else, MicroK8s, k0s. */
    public static final List<Path> KUBELET_ROOTS = List.of(
            Path.of("/var/lib/kubelet"),
            Path.of("/var/snap/microk8s/common/var/lib/kubelet"),
            Path.of("/var/lib/k0s/kubelet"));

    public KubeletSocket {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("no place to look for the kubelet's socket");
        }
    }

    /** The socket under any of these kubelet roots. */
    public static KubeletSocket under(List<Path> roots) {
        return new KubeletSocket(roots.stream()
                .map(root -> root.resolve("pod-resources/kubelet.sock"))
                .toList());
    }

    /** The socket at this path and no other. */
    public static KubeletSocket at(Path socket) {
        return new KubeletSocket(List.of(socket));
    }

    /** The first that is there, or that we are not allowed to see: then connecting says why. */
    public Optional<Path> find() {
        return candidates.stream().filter(path -> !Files.notExists(path)).findFirst();
    }

    /**
     * What tells a socket file from the one that a restarted kubelet puts in its place: path, inode and, since inodes are
     * used again, its time.
     */
    static List<Object> identity(Path socket) {
        try {
            BasicFileAttributes file = Files.readAttributes(socket, BasicFileAttributes.class);
            return List.of(socket, String.valueOf(file.fileKey()), file.lastModifiedTime());
        } catch (IOException hidden) {
            return List.of(socket);
        }
    }

    @Override
    public String toString() {
        return candidates.stream().map(Path::toString).collect(joining(", "));
    }
}
