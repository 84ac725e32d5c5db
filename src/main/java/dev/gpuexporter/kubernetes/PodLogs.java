package dev.gpuexporter.kubernetes;

import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The names of the node's containers, from the files that the kubelet makes for their logs; no log is read. */
final class PodLogs {
    private final Path pods;
    private final Path containers;
    private final Duration pause;
    private final InstantSource clock;

    private Instant nextLook = Instant.MIN;
    private Map<String, Workload> byContainer = Map.of();
    private List<ContainerLog> cut = List.of();
    private Map<String, PodLogDirectory> byPod = Map.of();

    /** @param pause between two looks, however many containers are unknown */
    PodLogs(Path pods, Path containers, Duration pause, InstantSource clock) {
        this.pods = pods;
        this.containers = containers;
        this.pause = pause;
        this.clock = clock;
    }

    boolean areVisible() {
        return Files.isDirectory(pods) || Files.isDirectory(containers);
    }

    /** Looks again where the container is unknown, unless it has just looked. */
    synchronized Optional<Workload> workload(PodCgroup container) {
        Optional<Workload> known = known(container);
        Instant now = clock.instant();
        if (known.isPresent() || now.isBefore(nextLook)) {
            return known;
        }
        nextLook = now.plus(pause);
        look();
        return known(container);
    }

    private Optional<Workload> known(PodCgroup container) {
        return Optional.ofNullable(byContainer.get(container.containerId()))
                .or(() -> cut.stream()
                        .filter(log -> log.isOf(container))
                        .map(ContainerLog::workload)
                        .findFirst())
                .or(() -> Optional.ofNullable(byPod.get(container.podUid())).flatMap(this::onlyContainer));
    }

    /** Every container that ever ran has its directory before it runs: where there is one, there is no doubt. */
    private Optional<Workload> onlyContainer(PodLogDirectory pod) {
        List<String> names = names(pods.resolve(pod.name()));
        return names.size() == 1 ? Optional.of(pod.workload(names.get(0))) : Optional.empty();
    }

    private void look() {
        List<ContainerLog> logs = names(containers).stream()
                .flatMap(name -> ContainerLog.of(name, () -> target(containers.resolve(name))).stream())
                .toList();
        byContainer = logs.stream()
                .filter(log -> log.podUid().isEmpty())
                .collect(toMap(ContainerLog::id, ContainerLog::workload, (one, other) -> one));
        cut = logs.stream().filter(log -> log.podUid().isPresent()).toList();
        byPod = names(pods).stream()
                .flatMap(name -> PodLogDirectory.of(name).stream())
                .collect(toMap(PodLogDirectory::uid, pod -> pod, (one, other) -> one));
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException | UncheckedIOException hidden) {
            return List.of();
        }
    }

    private static Optional<Path> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link));
        } catch (IOException | UnsupportedOperationException noLink) {
            return Optional.empty();
        }
    }
}
