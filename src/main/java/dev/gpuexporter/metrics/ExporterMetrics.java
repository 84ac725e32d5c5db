package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.EXPORTER;

import java.util.List;

/** What the exporter says of itself. */
public final class ExporterMetrics {
    public static final GpuMetric BUILD_INFO = gauge(EXPORTER, "gpu_exporter_build_info", "Which exporter this is.")
            .ofNode()
            .labels("version", "revision", "java_version")
            .from("the build");
    public static final GpuMetric SIMULATED = gauge(
                    EXPORTER,
                    "gpu_exporter_simulated",
                    "Whether the GPUs are simulated (1), because somebody asked for it.")
            .ofNode()
            .from("the command line");
    public static final GpuMetric NVML_UP = gauge(
                    EXPORTER,
                    "gpu_exporter_nvml_up",
                    "Whether the driver's library is loaded and answers (1) or not (0).")
            .ofNode()
            .from("the poll");
    public static final GpuMetric KUBELET_UP = gauge(
                    EXPORTER,
                    "gpu_exporter_kubelet_up",
                    "Whether the kubelet answered when it was last asked for pods (1) or not (0); absent where it is not asked.")
            .ofNode()
            .from("the kubelet's PodResources API");
    public static final GpuMetric KUBERNETES_API_UP = gauge(
                    EXPORTER,
                    "gpu_exporter_kubernetes_api_up",
                    "Whether the API server answered when it was last asked (1) or not, or not yet (0); absent where it is not asked.")
            .ofNode()
            .from("the API server")
            .needs("kubernetes.pod-metadata or kubernetes.resource-slices");
    public static final GpuMetric UNMAPPED_DEVICES = gauge(
                    EXPORTER,
                    "gpu_exporter_unmapped_devices",
                    "Devices handed to containers that are no GPU the driver knows.")
            .ofNode()
            .from("the kubelet's PodResources API");
    public static final GpuMetric LAST_POLL = gauge(
                    EXPORTER, "gpu_exporter_last_poll_timestamp_seconds", "When the readings below were taken.")
            .ofNode()
            .from("the poll");
    public static final GpuMetric POLL_DURATION = gauge(
                    EXPORTER,
                    "gpu_exporter_poll_duration_seconds",
                    "How long the last poll took, from its tick until the readings were published.")
            .ofNode()
            .from("the poll");
    public static final GpuMetric POLLS = counter(EXPORTER, "gpu_exporter_polls_total", "Polls published.")
            .ofNode()
            .from("the poll");
    public static final GpuMetric READING_ERRORS = counter(
                    EXPORTER,
                    "gpu_exporter_reading_errors_total",
                    "Calls of the driver that failed, by function and return code; what is merely not supported does not count.")
            .ofNode()
            .labels("reading", "code")
            .from("the poll");
    public static final GpuMetric AUTHENTICATION_FAILURES = counter(
                    EXPORTER,
                    "gpu_exporter_http_authentication_failures_total",
                    "Requests that were not let in: missing, wrong or forbidden credentials, or nobody to check them"
                            + " (busy, unavailable).")
            .ofNode()
            .labels("reason")
            .from("the HTTP server")
            .needs("users in web.config-file, or web.kubernetes-auth");
    public static final GpuMetric WEB_CONFIG_RELOADS = counter(
                    EXPORTER,
                    "gpu_exporter_web_config_reloads_total",
                    "Changes of the web configuration file, or of a file that it names, by what became of them:"
                            + " taken or refused.")
            .ofNode()
            .labels("outcome")
            .from("web.config-file")
            .needs("web.config-file");
    public static final GpuMetric CERTIFICATE_EXPIRY = gauge(
                    EXPORTER,
                    "gpu_exporter_certificate_expiry_timestamp_seconds",
                    "When the certificate that the exporter serves with expires.")
            .ofNode()
            .from("cert_file of web.config-file")
            .needs("TLS in web.config-file");

    static final List<GpuMetric> ALL = List.of(
            BUILD_INFO,
            SIMULATED,
            NVML_UP,
            KUBELET_UP,
            KUBERNETES_API_UP,
            UNMAPPED_DEVICES,
            LAST_POLL,
            POLL_DURATION,
            POLLS,
            READING_ERRORS,
            AUTHENTICATION_FAILURES,
            WEB_CONFIG_RELOADS,
            CERTIFICATE_EXPIRY);

    private ExporterMetrics() {}
}
