package dev.gpuexporter.config;

import static dev.gpuexporter.config.DcgmSwitch.always;
import static dev.gpuexporter.config.DcgmSwitch.key;
import static dev.gpuexporter.config.DcgmSwitch.missing;
import static dev.gpuexporter.config.DcgmSwitch.on;

import dev.gpuexporter.config.DcgmSwitch.Given;
import dev.gpuexporter.config.DcgmSwitch.Support;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The switches of DCGM's exporter: the table. */
public final class DcgmSwitches {
    public static final List<DcgmSwitch> ALL = List.of(
            key("DCGM_EXPORTER_COLLECTORS", "-f --collectors", "dcgm.collectors", value -> value),
            key("DCGM_EXPORTER_LISTEN", "-a --address", "listen", value -> value),
            key("DCGM_EXPORTER_INTERVAL", "-c --collect-interval", "poll.interval", DcgmSwitch::millis),
            on("DCGM_EXPORTER_KUBERNETES", "-k --kubernetes", "kubernetes.attribution", "", "off"),
            always(
                    "DCGM_EXPORTER_KUBERNETES_GPU_ID_TYPE",
                    "--kubernetes-gpu-id-type",
                    "uid",
                    "ids of either kind are known"),
            on("DCGM_EXPORTER_USE_OLD_NAMESPACE", "-o --use-old-namespace", "dcgm.old-namespace", "on", "off"),
            on("DCGM_EXPORTER_NO_HOSTNAME", "-n --no-hostname", "dcgm.hostname", "off", "on"),
            on(
                    "DCGM_EXPORTER_REPLACE_BLANKS_IN_MODEL_NAME",
                    "-rbmn --replace-blanks-in-model-name",
                    "dcgm.replace-blanks",
                    "on",
                    "off"),
            key(
                    "DCGM_EXPORTER_XID_COUNT_WINDOW_SIZE",
                    "-x --xid-count-window-size",
                    "dcgm.xid-window",
                    DcgmSwitch::millis),
            key(
                    "DCGM_EXPORTER_CLOCK_EVENTS_COUNT_WINDOW_SIZE",
                    "-t --clock-events-count-window-size",
                    "dcgm.clock-event-window",
                    DcgmSwitch::millis),
            key("DCGM_HPC_JOB_MAPPING_DIR", "--hpc-job-mapping-dir", "dcgm.hpc-job-mapping-dir", value -> value),
            on("KUBERNETES_VIRTUAL_GPUS", "--kubernetes-virtual-gpus", "dcgm.virtual-gpus", "on", "off"),
            key(
                    "NVIDIA_RESOURCE_NAMES",
                    "--nvidia-resource-names",
                    "kubernetes.resources",
                    names -> "nvidia.com/*," + names),
            new DcgmSwitch(
                    "DCGM_POD_RESOURCES_KUBELET_SOCKET",
                    List.of("--pod-resources-kubelet-socket"),
                    true,
                    Support.SET,
                    "`kubernetes.kubelet-root`, below which it must be pod-resources/kubelet.sock",
                    DcgmSwitch::kubeletRoot),
            new DcgmSwitch(
                    "DCGM_EXPORTER_KUBERNETES_ENABLE_POD_LABELS",
                    List.of("--kubernetes-enable-pod-labels"),
                    false,
                    Support.SET,
                    "`kubernetes.pod-metadata` and, unless that is set, `kubernetes.pod-labels` for all",
                    DcgmSwitch::podLabels),
            on(
                    "DCGM_EXPORTER_KUBERNETES_ENABLE_POD_UID",
                    "--kubernetes-enable-pod-uid",
                    "kubernetes.pod-metadata",
                    "on",
                    ""),
            key(
                    "DCGM_EXPORTER_KUBERNETES_POD_LABEL_ALLOWLIST_REGEX",
                    "--kubernetes-pod-label-allowlist-regex",
                    "kubernetes.pod-labels",
                    DcgmSwitch::expressions),
            on("KUBERNETES_ENABLE_DRA", "--kubernetes-enable-dra", "kubernetes.resource-slices", "on", ""),
            on("DCGM_EXPORTER_DEBUG", "--debug", "log.level", "debug", ""),
            always("DISABLE_STARTUP_VALIDATE", "--disable-startup-validate", "false", "nothing at the start stops it"),
            always(
                    "DCGM_EXPORTER_ENABLE_GPU_BIND_UNBIND_WATCH",
                    "--enable-gpu-bind-unbind-watch",
                    "false",
                    "GPUs are looked for again by themselves"),
            always(
                    "DCGM_EXPORTER_GPU_BIND_UNBIND_POLL_INTERVAL",
                    "--gpu-bind-unbind-poll-interval",
                    "1s",
                    "GPUs are looked for again by themselves"),
            always(
                    "DCGM_EXPORTER_KUBERNETES_POD_LABEL_CACHE_SIZE",
                    "--kubernetes-pod-label-cache-size",
                    "",
                    "nothing is looked up twice"),
            missing("DCGM_EXPORTER_DEVICES_STR", "-d --devices", "f", "all GPUs, or their instances, are shown"),
            missing("DCGM_EXPORTER_OTHER_DEVICES_STR", "-s --switch-devices", "f", "NVSwitches are not read"),
            missing("DCGM_EXPORTER_CPU_DEVICES_STR", "-p --cpu-devices", "f", "CPUs are not read"),
            missing("DCGM_REMOTE_HOSTENGINE_INFO", "-r --remote-hostengine-info", "", "this node's driver is asked"),
            missing(
                    "DCGM_EXPORTER_CONFIGMAP_DATA",
                    "-m --configmap-data",
                    "none",
                    "mount the ConfigMap, and name its file by DCGM_EXPORTER_COLLECTORS"),
            key("DCGM_EXPORTER_WEB_CONFIG_FILE", "--web-config-file", "web.config-file", value -> value),
            missing("DCGM_EXPORTER_SYSTEMD_SOCKET", "--web-systemd-socket", "false", "it opens its own port"),
            missing("DCGM_EXPORTER_WEB_READ_TIMEOUT", "--web-read-timeout", "", "time limits are its own"),
            missing("DCGM_EXPORTER_WEB_WRITE_TIMEOUT", "--web-write-timeout", "", "time limits are its own"),
            missing("DCGM_EXPORTER_CONFIG_FILE", "--config-file", "", "--config takes a file of its own kind"),
            missing("DCGM_EXPORTER_USE_FAKE_GPUS", "--fake-gpus", "false", "--simulate shows GPUs that are not there"),
            missing("DCGM_EXPORTER_ENABLE_DCGM_LOG", "--enable-dcgm-log", "false", "there is no DCGM that could log"),
            missing("DCGM_EXPORTER_DCGM_LOG_LEVEL", "--dcgm-log-level", "NONE", "there is no DCGM that could log"),
            missing("DCGM_EXPORTER_LOG_FORMAT", "--log-format", "text", "the log is text"),
            missing("DCGM_EXPORTER_CONTAINER_LABELS", "--container-labels", "false", "no container runtime is asked"),
            missing("DCGM_CONTAINER_RUNTIME_SOCKET", "--container-runtime-socket", "", "no container runtime is asked"),
            missing("DCGM_EXPORTER_ENABLE_PPROF", "--enable-pprof", "false", "that is Go's"),
            missing("DCGM_EXPORTER_DUMP_ENABLED", "--dump-enabled", "false", "print --format json shows all readings"),
            missing("DCGM_EXPORTER_DUMP_DIRECTORY", "--dump-directory", "", "nothing is dumped"),
            missing("DCGM_EXPORTER_DUMP_RETENTION", "--dump-retention", "", "nothing is dumped"),
            missing("DCGM_EXPORTER_DUMP_COMPRESSION", "--dump-compression", "true", "nothing is dumped"));

    private DcgmSwitches() {}

    /** Those that the environment sets; one that is empty is not set. */
    static List<Given> in(Map<String, String> environment) {
        return ALL.stream()
                .filter(one -> !environment.getOrDefault(one.variable(), "").isBlank())
                .map(one -> new Given(one, one.variable(), environment.get(one.variable())))
                .toList();
    }

    static Set<String> variables() {
        return ALL.stream().map(DcgmSwitch::variable).collect(Collectors.toSet());
    }
}
