package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.attribution.Tenancy;
import dev.gpuexporter.attribution.Tenancy.Share;
import dev.gpuexporter.attribution.Tenant;
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
import java.util.function.Supplier;

/**
 * Writes the node's GPUs under DCGM's names, in text 0.0.4, from what the snapshot holds; the driver is not asked.
 *
 * <p>A device that one container holds alone has that container on all of its series, counters as well: that is what
 * people's dashboards look for. A shared device has one series of each field, which names nobody; with virtual GPUs, the
 * memory and the utilization of each container on it stand in the place of the device's, as far as they are known: a
 * container of which they are not has no series, never a 0 and never the device's value. Where jobs of a batch system
 * have a device, each series of it is there once for each job.
 */
public final class DcgmExposition {
    private final Supplier<DcgmSelection> selection;
    private final Supplier<HpcJobs> jobs;
    private final Settings.Dcgm settings;
    private final String hostname;
    private final Tenants tenants;
    private final NodeMemory memory;

    /** @param hostname empty where it is not known */
    public DcgmExposition(
            ChosenFields fields, HpcJobFiles jobs, Settings.Dcgm settings, String hostname, Tenants tenants) {
        this(fields::current, jobs::current, settings, hostname, tenants);
    }

    DcgmExposition(
            Supplier<DcgmSelection> selection,
            Supplier<HpcJobs> jobs,
            Settings.Dcgm settings,
            String hostname,
            Tenants tenants) {
        this.selection = selection;
        this.jobs = jobs;
        this.settings = settings;
        this.hostname = hostname;
        this.tenants = tenants;
        this.memory = new NodeMemory(settings.xidWindow(), settings.clockEventWindow());
    }

    /** To be told of every view of the node: rates and counts are of polls, not of scrapes. */
    public void note(NodeView node) {
        memory.note(node.snapshot());
    }

    /** The families that follow the exporter's own. */
    public byte[] page(NodeView node) {
        DcgmSelection shown = selection.get();
        List<Subject> subjects = subjects(node, new DcgmLabels(settings, hostname, shown.labels()));
        StringBuilder page = new StringBuilder();
        for (Column column : shown.columns()) {
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

    private List<Subject> subjects(NodeView node, DcgmLabels labels) {
        HpcJobs known = jobs.get();
        Map<String, Recent> recent = memory.recent();
        List<DeviceReading> gpus = node.snapshot().devices();
        int count = (int) gpus.stream().map(DeviceReading::index).distinct().count();
        List<Subject> subjects = new ArrayList<>();
        for (DeviceReading gpu : gpus) {
            for (DcgmEntity entity : DcgmEntity.of(gpu, recent.getOrDefault(gpu.uuid(), Recent.NONE), count)) {
                Tenancy tenancy = entity.part()
                        .map(part -> tenants.of(node, gpu, part.gpuInstance()))
                        .orElseGet(() -> tenants.of(node, gpu));
                subjects.add(new Subject(entity, tenancy, known.of(entity), labels));
            }
        }
        return subjects;
    }

    /** One GPU or GPU instance and who has it; what all of its series have in common is written once. */
    private final class Subject {
        private final DcgmEntity entity;
        private final Tenancy tenancy;
        private final List<String> jobs;
        private final DcgmLabels labels;
        private final String device;
        private final List<String> owners;

        Subject(DcgmEntity entity, Tenancy tenancy, List<String> jobs, DcgmLabels labels) {
            this.entity = entity;
            this.tenancy = tenancy;
            this.jobs = jobs;
            this.labels = labels;
            this.device = labels.of(entity);
            this.owners = owners(tenancy.owner());
        }

        /** Who it is on each of the series that a value has: one, or one for each job. */
        private List<String> owners(Optional<Tenant> tenant) {
            return jobs.isEmpty()
                    ? List.of(labels.of(tenant, Optional.empty()))
                    : jobs.stream()
                            .map(job -> labels.of(tenant, Optional.of(job)))
                            .toList();
        }

        void write(DcgmField field, StringBuilder family) {
            List<DcgmSample> samples = field.reading().of(entity);
            boolean each = settings.virtualGpus()
                    && !samples.isEmpty()
                    && field.ofShare().isPresent();
            if (!each || !writeShares(field, field.ofShare().get(), family)) {
                samples.forEach(sample -> write(field, sample, owners, family));
            }
        }

        /** Returns whether there was any: else what the device says is better than nothing. */
        private boolean writeShares(DcgmField field, Function<Share, Optional<String>> value, StringBuilder family) {
            boolean any = false;
            for (Share share : tenancy.shares()) {
                Optional<String> own = value.apply(share);
                if (own.isPresent()) {
                    write(field, DcgmSample.of(own.get()), owners(Optional.of(share.tenant())), family);
                    any = true;
                }
            }
            return any;
        }

        private void write(DcgmField field, DcgmSample sample, List<String> whose, StringBuilder family) {
            for (String owner : whose) {
                family.append(field.name()).append('{').append(device);
                if (!sample.labels().isEmpty()) {
                    family.append(',').append(DcgmLabels.of(sample.labels()));
                }
                if (!owner.isEmpty()) {
                    family.append(',').append(owner);
                }
                family.append("} ").append(sample.value()).append('\n');
            }
        }
    }
}
