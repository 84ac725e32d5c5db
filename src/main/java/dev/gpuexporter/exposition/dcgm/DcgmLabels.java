package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.attribution.Tenant;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.exposition.TextFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes labels under the names, and in the order, in which DCGM's exporter has them. */
final class DcgmLabels {
    private static final String POD_LABEL = "label_";

    /** By others than labels of pods. */
    private static final Set<String> TAKEN = Set.of(
            "gpu",
            "UUID",
            "uuid",
            "pci_bus_id",
            "device",
            "modelName",
            "GPU_I_PROFILE",
            "GPU_I_ID",
            "hostname",
            "Hostname",
            "container",
            "container_name",
            "namespace",
            "pod_namespace",
            "pod",
            "pod_name",
            "hpc_job",
            "err_code",
            "err_msg",
            "xid",
            "clock_event",
            "window_size_in_ms",
            "health_watch",
            "health_error_code",
            "peer_gpu",
            "link_status");

    private final Settings.Dcgm settings;
    private final String hostname;
    private final List<DcgmField> fields;

    /** @param fields those that stand on every series */
    DcgmLabels(Settings.Dcgm settings, String hostname, List<DcgmField> fields) {
        this.settings = settings;
        this.hostname = hostname;
        this.fields = fields;
    }

    /** Which device, and what is said of it on every series. */
    String of(DcgmEntity entity) {
        String index = Integer.toString(entity.gpu().index());
        String model = entity.info("model");
        StringBuilder text = new StringBuilder();
        add(text, "gpu", index);
        add(text, settings.oldNamespace() ? "uuid" : "UUID", entity.gpu().uuid());
        add(text, "pci_bus_id", entity.info("pci_bus_id").toUpperCase(Locale.ROOT));
        add(text, "device", "nvidia" + index);
        add(text, "modelName", settings.replaceBlanks() ? model.replace(' ', '-') : model);
        entity.part().ifPresent(part -> {
            add(text, "GPU_I_PROFILE", entity.profile().orElseThrow());
            add(text, "GPU_I_ID", Integer.toString(part.gpuInstance()));
        });
        if (settings.hostname() && !hostname.isEmpty()) {
            add(text, settings.capitalHostname() ? "Hostname" : "hostname", hostname);
        }
        for (DcgmField field : fields) {
            field.reading().of(entity).forEach(sample -> add(text, field.name(), sample.value()));
        }
        return text.toString();
    }

    /** Those that only a field has. */
    static String of(SortedMap<String, String> own) {
        StringBuilder text = new StringBuilder();
        own.forEach((name, value) -> add(text, name, value));
        return text.toString();
    }

    /** Who has the device, and a job that has it. */
    String of(Optional<Tenant> tenant, Optional<String> job) {
        Map<String, String> labels = new TreeMap<>();
        tenant.ifPresent(whose -> {
            whose.details().forEach((name, value) -> labels.put(ofPod(name), value));
            labels.put(settings.oldNamespace() ? "container_name" : "container", whose.container());
            labels.put(settings.oldNamespace() ? "pod_namespace" : "namespace", whose.namespace());
            labels.put(settings.oldNamespace() ? "pod_name" : "pod", whose.pod());
        });
        job.ifPresent(its -> labels.put("hpc_job", its));
        StringBuilder text = new StringBuilder();
        labels.forEach((name, value) -> add(text, name, value));
        return text.toString();
    }

    /** DCGM's exporter has a pod's labels without {@code label_}; where that would be another's name, it stays. */
    private static String ofPod(String name) {
        String bare = name.startsWith(POD_LABEL) ? name.substring(POD_LABEL.length()) : name;
        boolean free = !TAKEN.contains(bare) && !bare.startsWith("DCGM_") && bare.matches("(?!__)[a-zA-Z_].*");
        return free ? bare : name;
    }

    private static void add(StringBuilder text, String name, String value) {
        text.append(text.isEmpty() ? "" : ",").append(TextFormat.label(name, value));
    }
}
