package dev.gpuexporter.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that may be set, checked. What each value means and its default stand in {@code reference.conf}.
 *
 * @param metricSwitches the keys of {@code metrics} that are on: the optional groups, and how they are told
 */
public record Settings(
        ListenAddress listen,
        Duration pollInterval,
        Optional<Path> nvmlLibrary,
        Set<String> metricSwitches,
        Kubernetes kubernetes,
        LogLevel logLevel) {

    /** What the kubelet is asked, and what for. */
    public record Kubernetes(
            AttributionMode attribution,
            Optional<Path> kubeletRoot,
            Duration refreshInterval,
            Duration keepFor,
            List<String> resources) {}

    /** Where owners are shown. */
    public enum AttributionMode {
        LABELS,
        INFO,
        OFF
    }

    /** What is logged. */
    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** The keys of {@code reference.conf}, read and checked one by one. */
    static Settings from(SettingsReader reader) {
        return new Settings(
                reader.address("listen"),
                reader.duration("poll.interval", Duration.ofMillis(100), Duration.ofHours(1)),
                reader.path("nvml.library"),
                reader.switchesOn("metrics"),
                new Kubernetes(
                        reader.oneOf("kubernetes.attribution", AttributionMode.class),
                        reader.path("kubernetes.kubelet-root"),
                        reader.duration("kubernetes.refresh-interval", Duration.ofSeconds(1), Duration.ofHours(1)),
                        reader.duration("kubernetes.keep-for", Duration.ZERO, Duration.ofDays(1)),
                        reader.list("kubernetes.resources")),
                reader.oneOf("log.level", LogLevel.class));
    }
}
