package dev.gpuexporter.kubernetes;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A link in {@code /var/log/containers}, named {@code <pod>_<namespace>_<container>-<id>.log}. The kubelet cuts the name
 * before {@code .log} where it would exceed 255 characters (its kuberuntime/legacy.go), and with it the id or more; then
 * the names are taken from where the link leads, {@code …/<namespace>_<pod>_<uid>/<container>/<n>.log}.
 *
 * @param podUid empty where the id is whole and tells the container by itself
 * @param id the container's, or what is left of it
 */
record ContainerLog(Workload workload, Optional<String> podUid, String id) {
    private static final String SUFFIX = ".log";
    private static final int LONGEST_NAME = 255;

    /** As many digits as the runtimes' own tools show: two containers of one pod don't share them. */
    private static final int SHORTEST_ID = 12;

    private static final Pattern WHOLE = Pattern.compile("([^_]+)_([^_]+)_([^_]+)-([0-9a-f]{64})\\.log");
    private static final Pattern ID = Pattern.compile("[0-9a-f]{" + SHORTEST_ID + ",63}");

    /**
     * Reads the name of a link.
     *
     * @param target where it leads; asked for if the name was cut
     */
    static Optional<ContainerLog> of(String name, Supplier<Optional<Path>> target) {
        Matcher whole = WHOLE.matcher(name);
        if (whole.matches()) {
            Workload workload = new Workload(whole.group(2), whole.group(1), whole.group(3));
            return Optional.of(new ContainerLog(workload, Optional.empty(), whole.group(4)));
        }
        return name.length() == LONGEST_NAME && name.endsWith(SUFFIX)
                ? target.get().flatMap(path -> cut(name, path))
                : Optional.empty();
    }

    private static Optional<ContainerLog> cut(String name, Path target) {
        if (target.getNameCount() < 3) {
            return Optional.empty();
        }
        String container = target.getName(target.getNameCount() - 2).toString();
        return PodLogDirectory.of(target.getName(target.getNameCount() - 3).toString())
                .flatMap(pod -> {
                    String start = pod.pod() + "_" + pod.namespace() + "_" + container + "-";
                    if (!name.startsWith(start)) {
                        return Optional.empty();
                    }
                    String id = name.substring(start.length(), name.length() - SUFFIX.length());
                    return ID.matcher(id).matches()
                            ? Optional.of(new ContainerLog(pod.workload(container), Optional.of(pod.uid()), id))
                            : Optional.empty();
                });
    }

    boolean isOf(PodCgroup cgroup) {
        return podUid.isEmpty()
                ? id.equals(cgroup.containerId())
                : podUid.get().equals(cgroup.podUid()) && cgroup.containerId().startsWith(id);
    }
}
