package dev.gpuexporter.metrics;

import dev.gpuexporter.nvml.Field;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One metric: a row of the catalogue.
 *
 * @param labels the metric's own labels, after those that its {@link Subject} gives it
 * @param owner whether it carries the pod that holds the device exclusively
 * @param absentWithMig whether a GPU that is in MIG mode does not give it
 * @param source the NVML function or the file it comes from
 * @param needs the driver and the GPUs that have it; empty where all do
 * @param fields the field values that {@code reading} asks for; all of a counter's count
 * @param reading empty where it does not come from a device's driver
 */
public record GpuMetric(
        String name,
        Type type,
        String help,
        Subject subject,
        List<String> labels,
        boolean owner,
        boolean absentWithMig,
        Group group,
        String source,
        String needs,
        FieldsOfDevice fields,
        Optional<Reading> reading) {

    /** As Prometheus knows them. */
    public enum Type {
        GAUGE,
        COUNTER
    }

    /** What a metric speaks of, and so which labels come first. */
    public enum Subject {
        /** One GPU. */
        GPU("gpu", "uuid"),
        /** One MIG device: one compute instance. */
        MIG("gpu", "uuid", "mig_uuid", "mig_profile", "gpu_instance", "compute_instance"),
        /** All compute instances of a GPU instance: said once, of the one with the lowest id. */
        GPU_INSTANCE("gpu", "uuid", "mig_uuid", "mig_profile", "gpu_instance", "compute_instance"),
        /** The whole node, or the exporter itself. */
        NODE;

        private final List<String> labels;

        Subject(String... labels) {
            this.labels = List.of(labels);
        }

        /** Those that say which one. */
        public List<String> labels() {
            return labels;
        }

        public boolean isMig() {
            return this == MIG || this == GPU_INSTANCE;
        }
    }

    public GpuMetric {
        if (!name.matches("gpu_[a-z0-9_]+") || name.endsWith("_total") != (type == Type.COUNTER)) {
            throw new IllegalArgumentException(name + ": counters, and they alone, end in _total");
        }
        if (reading.isPresent() && reading.get() instanceof MigReading != subject.isMig()) {
            throw new IllegalArgumentException(name + ": read off another kind of device than it speaks of");
        }
        if (!help.endsWith(".")) {
            throw new IllegalArgumentException(name + ": a help text is a sentence");
        }
    }

    // By the name alone, which is unique in the catalogue: every sample of every poll and page is sorted by its metric.

    @Override
    public boolean equals(Object other) {
        return other instanceof GpuMetric metric && name.equals(metric.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    static GpuMetric gauge(Group group, String name, String help) {
        return plain(Type.GAUGE, group, name, help);
    }

    static GpuMetric counter(Group group, String name, String help) {
        return plain(Type.COUNTER, group, name, help);
    }

    private static GpuMetric plain(Type type, Group group, String name, String help) {
        return new GpuMetric(
                name,
                type,
                help,
                Subject.GPU,
                List.of(),
                false,
                false,
                group,
                "",
                "",
                FieldsOfDevice.NONE,
                Optional.empty());
    }

    /** A row of which one thing is being changed. */
    private static final class Draft {
        private Subject subject;
        private String help;
        private List<String> labels;
        private boolean owner;
        private boolean absentWithMig;
        private String source;
        private String needs;
        private FieldsOfDevice fields;
        private Optional<Reading> reading;
    }

    private GpuMetric with(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.subject = subject;
        draft.help = help;
        draft.labels = labels;
        draft.owner = owner;
        draft.absentWithMig = absentWithMig;
        draft.source = source;
        draft.needs = needs;
        draft.fields = fields;
        draft.reading = reading;
        change.accept(draft);
        return new GpuMetric(
                name,
                type,
                draft.help,
                draft.subject,
                draft.labels,
                draft.owner,
                draft.absentWithMig,
                group,
                draft.source,
                draft.needs,
                draft.fields,
                draft.reading);
    }

    GpuMetric ofNode() {
        return with(draft -> draft.subject = Subject.NODE);
    }

    /** Of each MIG device. */
    GpuMetric ofMigDevice() {
        return with(draft -> draft.subject = Subject.MIG);
    }

    /** Of what the compute instances of a GPU instance have in common. */
    GpuMetric ofGpuInstance() {
        return with(draft -> draft.subject = Subject.GPU_INSTANCE);
    }

    GpuMetric help(String help) {
        return with(draft -> draft.help = help);
    }

    GpuMetric labels(String... own) {
        return with(draft -> draft.labels = List.of(own));
    }

    /** For gauges that follow the load of whoever holds the device. */
    GpuMetric withOwner() {
        return with(draft -> draft.owner = true);
    }

    /** For what the driver does not tell of a GPU in MIG mode; what it tells of the parts is another metric. */
    GpuMetric notWithMig() {
        return with(draft -> draft.absentWithMig = true);
    }

    GpuMetric from(String source) {
        return with(draft -> draft.source = source);
    }

    GpuMetric needs(String needs) {
        return with(draft -> draft.needs = needs);
    }

    GpuMetric fields(FieldsOfDevice fields) {
        return with(draft -> draft.fields = fields);
    }

    GpuMetric fields(Collection<Integer> ids) {
        List<Field> fields = ids.stream().map(Field::of).toList();
        return fields(device -> fields);
    }

    GpuMetric fields(int... ids) {
        return fields(IntStream.of(ids).boxed().toList());
    }

    GpuMetric read(GpuReading reading) {
        return with(draft -> draft.reading = Optional.of(reading));
    }

    GpuMetric readMig(MigReading reading) {
        return with(draft -> draft.reading = Optional.of(reading));
    }

    /** How it is read off a GPU; empty where it is not. */
    public Optional<GpuReading> gpuReading() {
        return reading.filter(GpuReading.class::isInstance).map(GpuReading.class::cast);
    }

    /** How it is read off a MIG device; empty where it is not. */
    public Optional<MigReading> migReading() {
        return reading.filter(MigReading.class::isInstance).map(MigReading.class::cast);
    }

    /** Whether the value can be at all: a number, and no less than nothing but where it is a temperature. */
    public boolean canBe(double value) {
        return Double.isFinite(value) && (value >= 0 || unit().equals("celsius"));
    }

    /** The unit that the name ends in, such as {@code bytes}; empty for a plain number. */
    public String unit() {
        if (name.endsWith("_bytes_per_second")) {
            return "bytes per second";
        }
        String stem = name.endsWith("_total") ? name.substring(0, name.length() - "_total".length()) : name;
        String last = stem.substring(stem.lastIndexOf('_') + 1);
        return List.of("bytes", "ratio", "celsius", "watts", "joules", "hertz", "seconds")
                        .contains(last)
                ? last
                : "";
    }
}
