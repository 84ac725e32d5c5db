package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.attribution.Tenancy;
import dev.gpuexporter.attribution.Tenancy.Share;
import dev.gpuexporter.attribution.Tenants;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.exposition.TextFormat;
import dev.gpuexporter.exposition.dcgm.DcgmSelection.Column;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes the node's GPUs under DCGM's names, in text 0.0.4, from what the snapshot holds; the driver is not asked.
 *
 * <p>A device that one container holds alone has that container on all of its series, counters as well: that is what
 * people's dashboards look for. A shared device has one series of each field, which names nobody; with virtual GPUs, the
 * memory and the utilization of each container on it stand in the place of the device's, as far as they are known: a
 * container of which they are not has no series, never a 0 and never the device's value.
 */
public final class DcgmExposition {
    private final DcgmSelection selection;
    private final DcgmLabels labels;
    private final boolean virtualGpus;
    private final Tenants tenants;
    private final NodeMemory memory;

    /** @param hostname empty where it is not known */
    public DcgmExposition(DcgmSelection selection, Settings.Dcgm settings, String hostname, Tenants tenants) {
        this.selection = selection;
        this.labels = new DcgmLabels(settings, hostname, selection.labels());
        this.virtualGpus = settings.virtualGpus();
        this.tenants = tenants;
        this.memory = new NodeMemory(settings.xidWindow(), settings.clockEventWindow());
    }

    /** To be told of every view of the node: rates and counts are of polls, not of scrapes. */
    public void note(NodeView node) {
        memory.at(node.snapshot());
    }

    /** The families that follow the exporter's own. */
    public byte[] page(NodeView node) {
        List<Subject> subjects = subjects(node);
        StringBuilder page = new StringBuilder();
        for (Column column : selection.columns()) {
            StringBuilder family = new StringBuilder();
            subjects.forEach(subject -> subject.write(column.field(), family));
            if (!family.isEmpty()) {
                page.append(TextFormat.help(column.field().name(), column.help()))
                        .append(TextFormat.type(
                                column.field().name(), column.type().word()))
                        .append(family);
            }
        }
        return page.toString().getBytes(StandardCharsets.UTF_8);
    }

    private List<Subject> subjects(NodeView node) {
        Map<String, Recent> recent = memory.at(node.snapshot());
        List<DeviceReading> gpus = node.snapshot().devices();
        int count = (int) gpus.stream().map(DeviceReading::index).distinct().count();
        List<Subject> subjects = new ArrayList<>();
        for (DeviceReading gpu : gpus) {
            for (DcgmEntity entity : DcgmEntity.of(gpu, recent.getOrDefault(gpu.uuid(), Recent.NONE), count)) {
                Tenancy tenancy = entity.part()
                        .map(part -> tenants.of(node, gpu, part.gpuInstance()))
                        .orElseGet(() -> tenants.of(node, gpu));
                subjects.add(new Subject(entity, tenancy));
            }
        }
        return subjects;
    }

    /** One GPU or GPU instance and who has it; what all of its series have in common is written once. */
    private final class Subject {
        private final DcgmEntity entity;
        private final Tenancy tenancy;
        private final String device;
        private final String owner;

        Subject(DcgmEntity entity, Tenancy tenancy) {
            this.entity = entity;
            this.tenancy = tenancy;
            this.device = labels.of(entity);
            this.owner = tenancy.owner().map(labels::of).orElse("");
        }

        void write(DcgmField field, StringBuilder family) {
            List<DcgmSample> samples = field.reading().of(entity);
            boolean each = virtualGpus && !samples.isEmpty() && field.ofShare().isPresent();
            if (!each || !writeShares(field, field.ofShare().get(), family)) {
                samples.forEach(sample -> write(field, sample, owner, family));
            }
        }

        /** Returns whether there was any: else what the device says is better than nothing. */
        private boolean writeShares(DcgmField field, Function<Share, Optional<String>> value, StringBuilder family) {
            boolean any = false;
            for (Share share : tenancy.shares()) {
                Optional<String> own = value.apply(share);
                if (own.isPresent()) {
                    write(field, DcgmSample.of(own.get()), labels.of(share.tenant()), family);
                    any = true;
                }
            }
            return any;
        }

        private void write(DcgmField field, DcgmSample sample, String tenant, StringBuilder family) {
            family.append(field.name()).append('{').append(device);
            if (!sample.labels().isEmpty()) {
                family.append(',').append(DcgmLabels.of(sample.labels()));
            }
            if (!tenant.isEmpty()) {
                family.append(',').append(tenant);
            }
            family.append("} ").append(sample.value()).append('\n');
        }
    }
}
