package dev.gpuexporter.kubernetes;

import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The container that a process runs in, as its cgroup names it. What stands before the pod in the path differs with the
 * kubelet's root cgroup, with the container we look from and with a node that is a container itself, so the path is read
 * from its end.
 *
 * @param podUid with hyphens; a static pod's has none
 * @param containerId 64 hexadecimal digits, as the runtime knows it
 */
record PodCgroup(String podUid, String containerId) {
    private static final String UID = "([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})";
    private static final String ID = "([0-9a-f]{64})";

    /** The kubelet's cgroupfs driver writes {@code pod<uid>}, its systemd driver {@code kubepods-burstable-pod<uid>.slice}. */
    private static final Pattern POD = Pattern.compile("pod" + UID + "|(?:.*-)?pod" + UID + "\\.slice");

    /** The name of the runtime in front is there with the systemd driver, and with CRI-O always. */
    private static final Pattern CONTAINER = Pattern.compile("(?:[a-z-]+-)?" + ID + "(?:\\.scope)?");

    /** What watches a container for CRI-O; it lives in the pod and is no part of its load. */
    private static final String MONITOR = "crio-conmon-";

    /** A kubelet that says systemd to a runtime that speaks cgroupfs: slice, runtime and id become one directory. */
    private static final Pattern POD_AND_CONTAINER = Pattern.compile("(?:.*-)?pod" + UID + "\\.slice:[a-z-]+:" + ID);

    /** What the kernel writes behind a cgroup that was removed under a process that is not gone yet. */
    private static final String DELETED = " (deleted)";

    public PodCgroup {
        Objects.requireNonNull(podUid, "podUid");
        Objects.requireNonNull(containerId, "containerId");
    }

    /**
     * Reads {@code /proc/PID/cgroup}: {@code N:controller:path} in each line of version 1, {@code 0::path} of version 2.
     *
     * @return empty for a process outside of pods, and where the lines contradict each other
     */
    static Optional<PodCgroup> parse(String file) {
        Set<PodCgroup> found = new HashSet<>();
        file.lines().forEach(line -> path(line).flatMap(PodCgroup::of).ifPresent(found::add));
        return found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
    }

    private static Optional<String> path(String line) {
        int controllers = line.indexOf(':');
        int path = line.indexOf(':', controllers + 1);
        if (controllers < 0 || path < 0) {
            return Optional.empty();
        }
        String text = line.substring(path + 1);
        return Optional.of(text.endsWith(DELETED) ? text.substring(0, text.length() - DELETED.length()) : text);
    }

    private static Optional<PodCgroup> of(String path) {
        String[] names = path.split("/");
        for (int i = names.length - 1; i >= 0; i--) {
            Matcher both = POD_AND_CONTAINER.matcher(names[i]);
            if (both.matches()) {
                return Optional.of(new PodCgroup(uid(both.group(1)), both.group(2)));
            }
            Matcher pod = POD.matcher(names[i]);
            if (pod.matches()) {
                String uid = uid(pod.group(1) == null ? pod.group(2) : pod.group(1));
                return i + 1 < names.length
                        ? container(names[i + 1]).map(id -> new PodCgroup(uid, id))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> container(String name) {
        Matcher container = CONTAINER.matcher(name);
        return container.matches() && !name.startsWith(MONITOR) ? Optional.of(container.group(1)) : Optional.empty();
    }

    /** A hyphen would be a slash in the name of a slice, so the kubelet writes underscores. */
    private static String uid(String written) {
        return written.replace('_', '-');
    }
}
