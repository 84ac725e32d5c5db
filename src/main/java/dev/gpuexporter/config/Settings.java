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
 * @param xids those that are counted from 0 on
 * @param dcgm how series look that have DCGM's names
 */
public record Settings(
        ListenAddress listen,
        Web web,
        Duration pollInterval,
        Optional<Path> nvmlLibrary,
        Duration peakWindow,
        Naming naming,
        Set<String> metricSwitches,
        List<Integer> xids,
        Kubernetes kubernetes,
        Dcgm dcgm,
        LogLevel logLevel) {

    /** The same, but for how often the GPUs are read. */
    public Settings polledEvery(Duration interval) {
        return new Settings(
                listen,
                web,
                interval,
                nvmlLibrary,
                peakWindow,
                naming,
                metricSwitches,
                xids,
                kubernetes,
                dcgm,
                logLevel);
    }

    /**
     * How HTTP is served, and to whom.
     *
     * @param configFile of TLS and users; everybody is let in without one
     * @param kubernetesAuth whether the API server is asked about who brings a token
     * @param probeListen where the probes are answered as well, without TLS
     */
    public record Web(Optional<Path> configFile, boolean kubernetesAuth, Optional<ListenAddress> probeListen) {
        private static Web from(SettingsReader reader) {
            return new Web(
                    reader.path("web.config-file"),
                    reader.isOn("web.kubernetes-auth"),
                    reader.optionalAddress("web.probe-listen"));
        }
    }

    /** What the kubelet is asked, and what for. */
    public record Kubernetes(
            AttributionMode attribution,
            Optional<Path> kubeletRoot,
            Duration refreshInterval,
            Duration keepFor,
            List<String> resources,
            ApiServer apiServer) {}

    /**
     * What the API server is asked; nothing by default.
     *
     * @param nodeName there where anything is asked
     * @param podLabels the keys of those that are shown, and, between slashes, patterns of keys
     */
    public record ApiServer(
            Optional<String> nodeName, boolean podMetadata, List<String> podLabels, boolean resourceSlices) {

        /** Whether it is asked anything. */
        public boolean isAsked() {
            return podMetadata || resourceSlices;
        }

        private static ApiServer from(SettingsReader reader) {
            boolean podMetadata = reader.isOn("kubernetes.pod-metadata");
            boolean resourceSlices = reader.isOn("kubernetes.resource-slices");
            Optional<String> nodeName = reader.nodeName("kubernetes.node-name");
            if (nodeName.isEmpty() && (podMetadata || resourceSlices)) {
                throw reader.problem(
                        podMetadata ? "kubernetes.pod-metadata" : "kubernetes.resource-slices",
                        "without the node's name, the whole cluster's would come",
                        "set kubernetes.node-name, or NODE_NAME from the pod's field spec.nodeName");
            }
            return new ApiServer(
                    nodeName, podMetadata, reader.keysAndPatterns("kubernetes.pod-labels"), resourceSlices);
        }
    }

    /**
     * How series look that have DCGM's names.
     *
     * @param hostname whether they say on which host
     * @param capitalHostname whether that label is {@code Hostname}
     * @param oldNamespace whether labels have the names that they once had
     * @param virtualGpus whether those who share a device have series of their own
     * @param replaceBlanks whether a model's name has hyphens for blanks
     * @param xidWindow over which Xids are counted
     * @param clockEventWindow over which clock events are counted
     * @param collectors the file that chooses the fields
     * @param hpcJobMappingDir where a batch system says whose jobs have which GPU
     */
    public record Dcgm(
            boolean hostname,
            boolean capitalHostname,
            boolean oldNamespace,
            boolean virtualGpus,
            boolean replaceBlanks,
            Duration xidWindow,
            Duration clockEventWindow,
            Optional<Path> collectors,
            Optional<Path> hpcJobMappingDir) {
        private static final Duration LEAST_WINDOW = Duration.ofSeconds(1);
        private static final Duration MOST_WINDOW = Duration.ofHours(1);

        private static Dcgm from(SettingsReader reader) {
            return new Dcgm(
                    reader.isOn("dcgm.hostname"),
                    reader.isOn("dcgm.capital-hostname"),
                    reader.isOn("dcgm.old-namespace"),
                    reader.isOn("dcgm.virtual-gpus"),
                    reader.isOn("dcgm.replace-blanks"),
                    reader.duration("dcgm.xid-window", LEAST_WINDOW, MOST_WINDOW),
                    reader.duration("dcgm.clock-event-window", LEAST_WINDOW, MOST_WINDOW),
                    reader.path("dcgm.collectors"),
                    reader.path("dcgm.hpc-job-mapping-dir"));
        }
    }

    /** By which names the GPUs' series go: the exporter's own, DCGM's, or each. */
    public enum Naming {
        NATIVE,
        DCGM,
        BOTH
    }

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
                Web.from(reader),
                reader.duration("poll.interval", Duration.ofMillis(100), Duration.ofHours(1)),
                reader.path("nvml.library"),
                reader.duration("metrics.peak-window", Duration.ofSeconds(1), Duration.ofHours(1)),
                reader.oneOf("metrics.naming", Naming.class),
                reader.switchesOn("metrics", Set.of("peak-window", "naming")),
                reader.integers("events.xids", 1, 999),
                new Kubernetes(
                        reader.oneOf("kubernetes.attribution", AttributionMode.class),
                        reader.path("kubernetes.kubelet-root"),
                        reader.duration("kubernetes.refresh-interval", Duration.ofSeconds(1), Duration.ofHours(1)),
                        reader.duration("kubernetes.keep-for", Duration.ZERO, Duration.ofDays(1)),
                        reader.list("kubernetes.resources"),
                        ApiServer.from(reader)),
                Dcgm.from(reader),
                reader.oneOf("log.level", LogLevel.class));
    }
}
