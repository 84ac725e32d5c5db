package dev.gpuexporter.metrics;

import java.util.List;
import java.util.Locale;

/** The catalogue as a document: {@code docs/metrics.md}. */
public final class MetricReference {
    private static final String HEAD = """
            # Metrics

            Written by `gpu-exporter metrics --format markdown` from the catalogue; a test holds it to that.

            Series of a GPU carry `gpu` (NVML's index) and `uuid`, then the labels below. Those marked *owner* also carry
            `namespace`, `pod` and `container` while one container holds the device exclusively. What a GPU does not
            support has no series. Series of a MIG device, those with mig in their names, carry `gpu` and `uuid` of its GPU,
            then `mig_uuid`, `mig_profile`, `gpu_instance` and `compute_instance`. What the compute instances of a GPU instance
            share, such as memory, stands once, at the one with the lowest id, and has no owner where several containers
            hold them.

            With `kubernetes.pod-metadata`, every series of `gpu_workload_info` and `gpu_mig_workload_info` also carries
            `pod_uid`, `workload_kind` and `workload`, such as Deployment and its name, and `label_…` for each key of
            `kubernetes.pod-labels`. What the API server has not said is empty, which Prometheus takes for absent.

            A group can be switched off by `metrics.<group>`, unless it says *always*; how many
            calls into the driver each adds to a poll is in [performance.md](performance.md).
            """;

    private MetricReference() {}

    public static String markdown(List<GpuMetric> metrics) {
        StringBuilder page = new StringBuilder(HEAD);
        for (Group group : Group.values()) {
            page.append("\n## ")
                    .append(group.key())
                    .append(group.isOptional() ? "" : " (always)")
                    .append("\n\n");
            page.append(
                    "| metric | type | unit | labels | meaning | from | needs | with MIG |\n|---|---|---|---|---|---|---|---|\n");
            metrics.stream().filter(metric -> metric.group() == group).forEach(metric -> page.append(row(metric)));
        }
        return page.toString();
    }

    private static String row(GpuMetric metric) {
        String labels = String.join(", ", metric.labels());
        if (metric.owner()) {
            labels = labels.isEmpty() ? "*owner*" : labels + ", *owner*";
        }
        return "| "
                + String.join(
                        " | ",
                        "`" + metric.name() + "`",
                        metric.type().name().toLowerCase(Locale.ROOT),
                        metric.unit(),
                        labels,
                        metric.help(),
                        metric.source(),
                        metric.needs(),
                        withMig(metric))
                + " |\n";
    }

    private static String withMig(GpuMetric metric) {
        return switch (metric.subject()) {
            case GPU -> metric.absentWithMig() ? "absent" : "of the whole GPU";
            case MIG -> "of each MIG device";
            case GPU_INSTANCE -> "of each GPU instance";
            case NODE -> "";
        };
    }
}
