package dev.gpuexporter.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * From the number of a process to its container, by what lies on the node: {@code /proc/PID/cgroup} and the names of the
 * kubelet's log files; where these do not name it, by what the API server has told of the node's pods anyway. Nobody is
 * asked for it. What is not certain is not answered.
 */
public final class ProcessOwner implements ProcessSource {
    /** The clocks of the node and of its processes are read one after the other, in hundredths of a second. */
    private static final Duration TOLERANCE = Duration.ofMillis(100);

    private final HostProcesses processes;
    private final PodLogs logs;
    private final Optional<Supplier<PodIndex>> pods;
    private final InstantSource clock;

    /**
     * @param proc the node's {@code /proc}
     * @param podLogs {@code /var/log/pods}
     * @param containerLogs {@code /var/log/containers}
     * @param pause between two looks at the logs
     * @param pods as the API server describes them; empty where it is not asked for them
     */
    public ProcessOwner(
            Path proc,
            Path podLogs,
            Path containerLogs,
            Duration pause,
            Optional<Supplier<PodIndex>> pods,
            InstantSource clock) {
        this.processes = new HostProcesses(proc);
        this.logs = new PodLogs(podLogs, containerLogs, pause, clock);
        this.pods = pods;
        this.clock = clock;
    }

    @Override
    public ProcessSight sight() {
        if (!processes.areVisible()) {
            return ProcessSight.NO_HOST_PIDS;
        }
        return logs.areVisible() || pods.isPresent() ? ProcessSight.CLEAR : ProcessSight.NO_POD_LOGS;
    }

    @Override
    public ProcessOrigin origin(long pid, Instant seenAt) {
        if (!processes.areVisible()) {
            return ProcessOrigin.UNSEEN;
        }
        Optional<ProcessStat> before = processes.stat(pid);
        Optional<PodCgroup> cgroup = processes.cgroup(pid);
        if (before.isEmpty() || !startOf(pid).equals(before.map(ProcessStat::startedAfterBoot))) {
            return ProcessOrigin.UNSEEN; // gone, or gone in between
        }
        if (startedAfter(before.get(), seenAt)) {
            return ProcessOrigin.UNSEEN;
        }
        if (before.get().servesMps()) {
            return ProcessOrigin.MPS;
        }
        return cgroup.map(
                        container -> workload(container).map(ProcessOrigin::in).orElse(ProcessOrigin.UNNAMED))
                .orElse(ProcessOrigin.OUTSIDE);
    }

    private Optional<Workload> workload(PodCgroup container) {
        return logs.workload(container)
                .or(() -> pods.flatMap(described -> described.get().container(container.containerId())));
    }

    private Optional<Duration> startOf(long pid) {
        return processes.stat(pid).map(ProcessStat::startedAfterBoot);
    }

    private boolean startedAfter(ProcessStat process, Instant seenAt) {
        Duration sinceSeen = Duration.between(seenAt, clock.instant());
        return processes
                .uptime()
                .map(uptime -> uptime.minus(process.startedAfterBoot()).plus(TOLERANCE))
                .map(age -> age.compareTo(sinceSeen) < 0)
                .orElse(true);
    }
}
