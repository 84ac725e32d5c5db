package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.attribution.Tenants;
import dev.gpuexporter.collection.DeviceHistory;
import dev.gpuexporter.collection.DeviceProcess;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Occurrences;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.ClusterView;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.ProcessOrigin;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.nvml.DeviceIdentity.Inforom;
import dev.gpuexporter.nvml.DriverVersions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A node of one GPU of which a test says what was read, and how that looks under DCGM's names. */
final class DcgmNode {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final Settings.Dcgm DEFAULTS = with(true, false, false, false, false);

    static Settings.Dcgm with(
            boolean hostname, boolean capital, boolean oldNamespace, boolean virtualGpus, boolean replaceBlanks) {
        return new Settings.Dcgm(
                hostname,
                capital,
                oldNamespace,
                virtualGpus,
                replaceBlanks,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Optional.empty(),
                Optional.empty());
    }

    private static final DeviceIdentity GPU = new DeviceIdentity(
            0,
            "GPU-8b2281de-4f66-4b2b-9f3a-0d2b4c5e6f70",
            "NVIDIA H100 80GB HBM3",
            "Hopper",
            "9.0",
            "NVIDIA",
            "1652823054567",
            "00000000:8d:00.0",
            "0x233010DE",
            "0x16C110DE",
            "3",
            "96.00.74.00.01",
            new Inforom("G520.0200.00.05", "2.1", "7.16", "1.0"),
            "");

    private final DcgmExposition exposition;
    private final Map<Long, String> pods = new HashMap<>();
    private final List<DeviceProcess> processes = new ArrayList<>();
    private final TreeMap<Integer, Occurrences> xids = new TreeMap<>();
    private List<Sample> readings = new ArrayList<>();
    private List<MigPart> mig = List.of();
    private HpcJobs jobs = HpcJobs.NONE;
    private Optional<String> problem = Optional.empty();
    private WorkloadIndex heard = WorkloadIndex.empty(Instant.EPOCH);
    private Snapshot polled = new Snapshot(START, Duration.ZERO, Optional.empty(), List.of());

    private final Attribution attribution = new Attribution(
            () -> polled,
            () -> heard,
            () -> ClusterView.NONE,
            Optional.of((pid, seenAt) -> ProcessOrigin.in(new Workload("prod", pods.get(pid), "main"))));

    private DcgmNode(DcgmSelection selection, Settings.Dcgm settings) {
        exposition = new DcgmExposition(
                () -> selection, () -> jobs, settings, "node-1", new Tenants(AttributionMode.LABELS, Optional.empty()));
    }

    /** All fields, and no labels of fields. */
    static DcgmNode showingAll() {
        DcgmSelection all = DcgmSelection.of(DcgmFields.all(DEFAULTS));
        return new DcgmNode(new DcgmSelection(all.columns(), List.of()), DEFAULTS);
    }

    static DcgmNode showingDefaults(Settings.Dcgm settings) {
        return new DcgmNode(DcgmSelection.defaults(DcgmFields.all(settings)), settings);
    }

    static DcgmNode showing(DcgmSelection selection) {
        return new DcgmNode(selection, DEFAULTS);
    }

    static GpuMetric metric(String name) {
        return MetricCatalog.all().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric is called " + name));
    }

    /** Of the next poll. */
    DcgmNode read(String metric, double value, String... labels) {
        readings.add(new Sample(metric(metric), List.of(labels), value));
        return this;
    }

    DcgmNode read(MigPart part, String metric, double value) {
        readings.add(new Sample(metric(metric), Optional.of(part), List.of(), value));
        return this;
    }

    DcgmNode cutInto(MigPart... parts) {
        mig = List.of(parts);
        return this;
    }

    /** The jobs of a device. */
    DcgmNode runsJobs(String device, String... names) {
        Map<String, List<String>> all = new HashMap<>(jobs.byDevice());
        all.put(device, List.of(names));
        jobs = new HpcJobs(all);
        return this;
    }

    DcgmNode lost() {
        problem = Optional.of("GPU_IS_LOST");
        return this;
    }

    /** It has come so often by now. */
    DcgmNode xid(int number, long count, int second) {
        Optional<Instant> last = count == 0 ? Optional.empty() : Optional.of(START.plusSeconds(second));
        xids.put(number, new Occurrences(count, last));
        return this;
    }

    DcgmNode runs(long pid, String pod, OptionalLong memoryBytes, OptionalDouble smUtilization) {
        pods.put(pid, pod);
        processes.add(new DeviceProcess(pid, memoryBytes, smUtilization, OptionalInt.empty(), OptionalInt.empty()));
        return this;
    }

    /** Each pod and a device's id. */
    DcgmNode holds(String... podsAndDevices) {
        List<Allocation> allocations = new ArrayList<>();
        for (int i = 0; i < podsAndDevices.length; i += 2) {
            allocations.add(new Allocation(
                    new Workload("prod", podsAndDevices[i], "main"),
                    "nvidia.com/gpu",
                    DeviceId.parse(podsAndDevices[i + 1])));
        }
        heard = WorkloadIndex.of(START, allocations, Optional.empty(), GpuResources.byForm());
        attribution.refresh();
        return this;
    }

    /** A poll ends with what has been read since the last; a snapshot in between has the readings of before. */
    DcgmNode polled(int second) {
        List<Sample> known = readings;
        readings = new ArrayList<>();
        return published(second, known);
    }

    DcgmNode publishedAgain(int second) {
        return published(second, polled.devices().get(0).samples());
    }

    private DcgmNode published(int second, List<Sample> known) {
        DeviceHistory history = new DeviceHistory(
                new TreeMap<>(xids), new TreeMap<>(), Optional.empty(), Optional.empty(), Optional.empty());
        DeviceReading gpu = new DeviceReading(
                0,
                Optional.of(GPU),
                Optional.of(new DriverVersions("550.144.03", "12.550.144.03", "12.4")),
                problem,
                mig,
                known,
                Optional.of(List.copyOf(processes)),
                history);
        polled = new Snapshot(START.plusSeconds(second), Duration.ZERO, Optional.empty(), List.of(gpu));
        attribution.refresh();
        exposition.note(attribution.current());
        return this;
    }

    String page() {
        return new String(exposition.page(attribution.current()), StandardCharsets.UTF_8);
    }

    /** The lines of a family's samples. */
    List<String> lines(String family) {
        return page().lines().filter(line -> line.startsWith(family + "{")).toList();
    }

    /** What stands behind the labels of each. */
    List<String> values(String family) {
        return lines(family).stream()
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
    }
}
