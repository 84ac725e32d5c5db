package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.attribution.Tenant;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.exposition.TextFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes labels under the names, and in the order, in which DCGM's exporter has them. */
final class DcgmLabels {
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
            add(text, "GPU_I_PROFILE", profile(part.profile()));
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

    /** Who has the device. */
    String of(Tenant tenant) {
        Map<String, String> labels = new TreeMap<>(tenant.details());
        labels.put(settings.oldNamespace() ? "container_name" : "container", tenant.container());
        labels.put(settings.oldNamespace() ? "pod_namespace" : "namespace", tenant.namespace());
        labels.put(settings.oldNamespace() ? "pod_name" : "pod", tenant.pod());
        StringBuilder text = new StringBuilder();
        labels.forEach((name, value) -> add(text, name, value));
        return text.toString();
    }

    /** Of a GPU instance: 3g.40gb, also where its compute instance is called 1c.3g.40gb. */
    private static String profile(String ofComputeInstance) {
        return ofComputeInstance.replaceFirst("^\\d+c\\.", "");
    }

    private static void add(StringBuilder text, String name, String value) {
        text.append(text.isEmpty() ? "" : ",").append(TextFormat.label(name, value));
    }
}
