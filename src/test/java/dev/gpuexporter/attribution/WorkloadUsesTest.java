package dev.gpuexporter.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.collection.DeviceHistory;
import dev.gpuexporter.collection.DeviceProcess;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.GpuEvent;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.ProcessOrigin;
import dev.gpuexporter.kubernetes.ProcessSight;
import dev.gpuexporter.kubernetes.ProcessSource;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.testing.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What containers do with their devices; the numbers are small, so that the sums can be done by heart. */
class WorkloadUsesTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final MigPart FIRST = new MigPart(0, "MIG-a", "3g.40gb", 1, 0);
    private static final MigPart SECOND = new MigPart(1, "MIG-b", "2g.20gb", 5, 0);

    private static final String MEMORY = "gpu_workload_memory_used_bytes";
    private static final String SM = "gpu_workload_sm_utilization_ratio";
    private static final String PROCESSES = "gpu_workload_processes";
    private static final String ENERGY = "gpu_workload_energy_joules_total";
    private static final String LAST_ACTIVE = "gpu_workload_last_active_timestamp_seconds";
    private static final String XID = "gpu_workload_xid_last_timestamp_seconds";

    private final Map<Long, ProcessOrigin> origins = new HashMap<>();
    private final List<Long> asked = new ArrayList<>();
    private final Set<Long> unreadable = new HashSet<>();
    private final List<DeviceProcess> processes = new ArrayList<>();
    private ProcessSight sight = ProcessSight.CLEAR;
    private Instant now = START;
    private List<MigPart> mig = List.of();
    private Optional<Instant> gpuLastActive = Optional.empty();
    private Snapshot polled = new Snapshot(START, Duration.ZERO, Optional.empty(), List.of());
    private WorkloadIndex heard = WorkloadIndex.empty(Instant.EPOCH);

    private final ProcessSource source = new ProcessSource() {
        @Override
        public ProcessOrigin origin(long pid, Instant seenAt) {
            asked.add(pid);
            if (unreadable.contains(pid)) {
                throw new IllegalStateException("no such thing");
            }
            return origins.getOrDefault(pid, ProcessOrigin.OUTSIDE);
        }

        @Override
        public ProcessSight sight() {
            return sight;
        }
    };

    private final Attribution attribution = new Attribution(() -> polled, () -> heard, Optional.of(source));

    @Test
    void sumsTheProcessesOfAContainer() {
        runs(10, "train-0", 4, 0.5);
        runs(11, "train-0", 3, 0.25);
        holds("train-0 nvidia0");
        polls(0);
        assertThat(values(MEMORY)).containsExactly("train-0 7.0");
        assertThat(values(SM)).containsExactly("train-0 0.75");
        assertThat(values(PROCESSES)).containsExactly("train-0 2.0");
    }

    /** What was found out of the poll before is not taken for this one's. */
    @Test
    void asksAgainForProcessesThatCouldNotBeFollowed() {
        runs(10, "train-0", 4, 0.5);
        holds("train-0 nvidia0");
        polls(0);
        runs(11, "train-0", 3, 0.25);
        unreadable.add(11L);
        assertThatThrownBy(() -> polls(0)).hasMessage("no such thing");
        unreadable.clear();
        attribution.refresh();
        assertThat(values(PROCESSES)).containsExactly("train-0 2.0");
    }

    @Test
    void givesNobodyMoreThanAllOfTheTime() {
        runs(10, "train-0", 4, 0.75);
        runs(11, "train-0", 3, 0.5);
        holds("train-0 nvidia0");
        polls(0);
        assertThat(values(SM)).containsExactly("train-0 1.0");
    }

    @Test
    void tellsThoseWhoShareAGpuApart() {
        runs(10, "llm-a", 4, 0.5);
        runs(11, "llm-b", 3, 0.25);
        holds("llm-a nvidia0/vgpu0", "llm-b nvidia0/vgpu1");
        polls(0);
        assertThat(values(MEMORY)).containsExactlyInAnyOrder("llm-a 4.0", "llm-b 3.0");
        assertThat(values(SM)).containsExactlyInAnyOrder("llm-a 0.5", "llm-b 0.25");
    }

    @Test
    void countsAContainerThatTheKubeletDoesNotGiveTheGpuTo() {
        runs(10, "privileged", 4, 0.5);
        holds("train-0 nvidia0");
        polls(0);
        assertThat(values(MEMORY)).containsExactlyInAnyOrder("privileged 4.0", "train-0 0.0");
        assertThat(values(LAST_ACTIVE)).containsExactly("privileged " + seconds(now));
    }

    @Test
    void countsWhatRunsOutsideOfPodsForNobody() {
        runs(10, ProcessOrigin.OUTSIDE, 4, 0.5);
        holds("train-0 nvidia0");
        polls(0);
        assertThat(values(MEMORY)).containsExactly("train-0 0.0");
        assertThat(values(PROCESSES)).containsExactly("train-0 0.0");
        assertThat(values(SM)).isEmpty();
    }

    @Test
    void givesZeroOnlyWhereEveryProcessIsKnown() {
        runs(10, unseen(), 4, 0.5);
        runs(11, "llm-b", 3, 0.25);
        holds("llm-a nvidia0/vgpu0", "llm-b nvidia0/vgpu1");
        polls(0);
        assertThat(values(MEMORY)).containsExactly("llm-b 3.0");
        assertThat(values(PROCESSES)).containsExactly("llm-b 1.0");
    }

    @Test
    void givesNothingWhereTheDriverTellsOfNoProcesses() {
        holds("train-0 nvidia0");
        polls(0, Optional.empty());
        assertThat(values(MEMORY)).isEmpty();
        assertThat(values(PROCESSES)).isEmpty();
    }

    @Test
    void leavesOutWhatTheDriverDoesNotTellOfEachProcess() {
        runs(10, "train-0", 4, 0.5);
        origins.put(11L, named("train-0"));
        processes.add(process(11, OptionalLong.empty(), OptionalDouble.empty(), OptionalInt.empty()));
        holds("train-0 nvidia0");
        polls(0);
        assertThat(values(MEMORY)).isEmpty();
        assertThat(values(SM)).isEmpty();
        assertThat(values(PROCESSES)).containsExactly("train-0 2.0");
    }

    @Test
    void saysWhyNothingIsKnownWhereProcessesAreOutOfSight() {
        sight = ProcessSight.NO_HOST_PIDS;
        polls(0);
        assertThat(attribution.current().uses().unseen()).isEmpty();

        holds("train-0 nvidia0");
        assertThat(values(MEMORY)).isEmpty();
        polls(10);
        assertThat(attribution.current().uses().unseen())
                .hasValueSatisfying(why -> assertThat(why).contains("hostPID: true"));
        assertThat(values(ENERGY)).containsExactly("train-0 10.0");
    }

    @Test
    void asksForEachProcessOnceASnapshot() {
        runs(10, "train-0", 4, 0.5);
        runs(11, "train-0", 4, 0.5);
        polls(0);
        holds("train-0 nvidia0");
        holds("train-1 nvidia0");
        assertThat(asked).containsExactlyInAnyOrder(10L, 11L);
    }

    @Test
    void countsOnAMigDeviceApartFromItsGpu() {
        mig = List.of(FIRST, SECOND);
        runsOn(1, 10, "train-0", 4);
        holds("train-0 nvidia0/gi1", "train-1 nvidia0/gi5");
        polls(0);
        assertThat(values("gpu_mig_workload_memory_used_bytes"))
                .containsExactlyInAnyOrder("train-0 4.0", "train-1 0.0");
        assertThat(values("gpu_mig_workload_processes")).containsExactlyInAnyOrder("train-0 1.0", "train-1 0.0");
        assertThat(values(MEMORY)).isEmpty();
        assertThat(values(ENERGY)).isEmpty();
    }

    @Test
    void doesNotGuessOnWhichMigDeviceAProcessRuns() {
        mig = List.of(FIRST, SECOND);
        runs(10, "train-0", 4, 0.5);
        holds("train-0 nvidia0/gi1", "train-1 nvidia0/gi5");
        polls(0);
        assertThat(series().filter(series -> series.metric().name().contains("_workload_memory")))
                .isEmpty();
    }

    @Test
    void countsTheEnergyOfTheOneWhoHoldsTheGpuAlone() {
        polls(1000);
        holds("train-0 nvidia0");
        assertThat(values(ENERGY)).containsExactly("train-0 0.0");
        polls(1010.5);
        polls(1030);
        assertThat(values(ENERGY)).containsExactly("train-0 30.0");
    }

    @Test
    void givesTheEnergyOfAnIntervalInWhichTheOwnerChangedToNobody() {
        polls(1000);
        holds("train-0 nvidia0");
        polls(1010);
        holds("train-1 nvidia0");
        polls(1030);
        assertThat(values(ENERGY)).containsExactlyInAnyOrder("train-0 10.0", "train-1 0.0");
        polls(1031);
        assertThat(values(ENERGY)).containsExactlyInAnyOrder("train-0 10.0", "train-1 1.0");
    }

    @Test
    void dividesNoEnergyAmongThoseWhoShare() {
        holds("llm-a nvidia0/vgpu0", "llm-b nvidia0/vgpu1");
        polls(1000);
        polls(1010);
        assertThat(values(ENERGY)).isEmpty();
    }

    @Test
    void goesOnCountingWhereTheDriverBeganAnew() {
        holds("train-0 nvidia0");
        polls(1000);
        polls(1010);
        polls(3);
        polls(5);
        assertThat(values(ENERGY)).containsExactly("train-0 12.0");
    }

    @Test
    void showsWhereACounterEndedForFiveMinutes() {
        holds("train-0 nvidia0");
        polls(1000);
        polls(1010);
        holds();
        now = now.plus(Duration.ofMinutes(5)).minusSeconds(1);
        polls(1020);
        assertThat(values(ENERGY)).containsExactly("train-0 10.0");
        assertThat(values(MEMORY)).isEmpty();
        polls(1030);
        polls(1030);
        assertThat(values(ENERGY)).isEmpty();
    }

    @Test
    void doesNotTakeWhatWasBeforeForAContainersActivity() {
        polls(0);
        gpuLastActive = Optional.of(now);
        now = now.plusSeconds(30);
        holds("train-0 nvidia0");
        polls(0);
        assertThat(values(LAST_ACTIVE)).isEmpty();
        Instant busy = now.plusSeconds(1);
        gpuLastActive = Optional.of(busy);
        polls(0);
        polls(0);
        assertThat(values(LAST_ACTIVE)).containsExactly("train-0 " + seconds(busy));
    }

    @Test
    void knowsWhoOfThoseThatShareWasActive() {
        holds("llm-a nvidia0/vgpu0", "llm-b nvidia0/vgpu1");
        runs(10, "llm-a", 4, 0.5);
        runs(11, "llm-b", 4, 0);
        gpuLastActive = Optional.of(now);
        polls(0);
        assertThat(values(LAST_ACTIVE)).containsExactly("llm-a " + seconds(now));
    }

    @Test
    void takesTheEngineOfAGpuInstanceForTheOneWhoHoldsAllOfIt() {
        MigPart half = new MigPart(1, "MIG-b", "1c.3g.40gb", 1, 1);
        mig = List.of(FIRST, half, new MigPart(2, "MIG-c", "2g.20gb", 5, 0));
        holds("train-0 nvidia0/gi1", "train-1 nvidia0/gi5");
        publishActive(FIRST);
        assertThat(values("gpu_mig_workload_last_active_timestamp_seconds"))
                .containsExactly("train-0 " + seconds(now), "train-0 " + seconds(now));
        assertThat(values(LAST_ACTIVE)).isEmpty();
    }

    @Test
    void doesNotSayWhichOfThoseThatShareAGpuInstanceWasActive() {
        mig = List.of(FIRST);
        holds("train-0 nvidia0/gi1", "train-1 nvidia0/gi1");
        publishActive(FIRST);
        assertThat(values("gpu_mig_workload_last_active_timestamp_seconds")).isEmpty();
    }

    private void publishActive(MigPart part) {
        now = now.plusSeconds(1);
        GpuMetric engine = metric("gpu_mig_graphics_engine_active_ratio");
        publish(Optional.empty(), List.of(new Sample(engine, Optional.of(part), List.of(), 0.4)), Optional.empty());
    }

    @Test
    void remembersWhoHeldTheGpuWhenItsXidCame() {
        holds("train-0 nvidia0");
        polls(0);
        Instant struck = now;
        attribution.told(xid(79, OptionalInt.empty()));
        holds();
        gpuIsLost();
        assertThat(values(XID)).containsExactly("train-0 79 " + seconds(struck));
        now = struck.plus(Duration.ofHours(1));
        gpuIsLost();
        assertThat(values(XID)).hasSize(1);
        now = now.plusSeconds(1);
        gpuIsLost();
        assertThat(values(XID)).isEmpty();
    }

    @Test
    void goesOnWhereTheClockWasSetBack() {
        polls(1000);
        holds("train-0 nvidia0");
        polls(1010);
        gpuLastActive = Optional.of(now);
        polls(1020);
        attribution.told(xid(79, OptionalInt.empty()));

        now = now.minus(Duration.ofHours(1));
        Instant setBack = now.plusSeconds(1);
        gpuLastActive = Optional.of(setBack); // as the poller says it then
        polls(1030);
        assertThat(values(XID)).containsExactly("train-0 79 " + seconds(setBack));
        assertThat(values(LAST_ACTIVE)).containsExactly("train-0 " + seconds(setBack));
        assertThat(values(ENERGY))
                .as("nobody knows who held it during this one interval")
                .containsExactly("train-0 20.0");

        Instant busy = now.plusSeconds(1);
        gpuLastActive = Optional.of(busy);
        polls(1040);
        assertThat(values(ENERGY)).containsExactly("train-0 30.0");
        assertThat(values(LAST_ACTIVE)).containsExactly("train-0 " + seconds(busy));
        assertThat(values(XID)).containsExactly("train-0 79 " + seconds(setBack));
        holds();
        now = setBack.plus(Duration.ofHours(1)).plusSeconds(1);
        polls(1050);
        assertThat(values(XID)).isEmpty();
        assertThat(values(ENERGY)).isEmpty();
    }

    @Test
    void givesAnXidToAllWhoShareTheGpu() {
        holds("llm-a nvidia0/vgpu0", "llm-b nvidia0/vgpu1");
        polls(0);
        attribution.told(xid(13, OptionalInt.empty()));
        polls(0);
        assertThat(values(XID)).hasSize(2);
    }

    @Test
    void givesAnXidToThoseOnThePartItNames() {
        mig = List.of(FIRST, SECOND);
        holds("train-0 nvidia0/gi1", "train-1 nvidia0/gi5");
        polls(0);
        attribution.told(xid(13, OptionalInt.of(5)));
        polls(0);
        assertThat(values(XID)).hasSize(1).allMatch(value -> value.startsWith("train-1 13 "));
        attribution.told(xid(79, OptionalInt.empty()));
        polls(0);
        assertThat(values(XID)).hasSize(3);
    }

    @Test
    void givesAnXidToTheOneOnTheComputeInstanceThatItNames() {
        mig = List.of(ofFirst(0), ofFirst(1));
        holds("train-0 " + ofFirst(0).uuid(), "train-1 " + ofFirst(1).uuid());
        polls(0);
        attribution.told(new GpuEvent("GPU-0", now, "xid", OptionalInt.of(13), OptionalInt.of(1), OptionalInt.of(1)));
        polls(0);
        assertThat(values(XID)).containsExactly("train-1 13 " + seconds(now.minusSeconds(1)));
    }

    /** A driver may name the GPU instance alone. */
    @Test
    void givesAProcessToNobodyWhereItMayBeOnEitherComputeInstance() {
        mig = List.of(ofFirst(0), ofFirst(1));
        holds("train-0 " + ofFirst(0).uuid(), "train-1 " + ofFirst(1).uuid());
        origins.put(10L, named("train-0"));
        processes.add(new DeviceProcess(
                10, OptionalLong.of(4), OptionalDouble.empty(), OptionalInt.of(1), OptionalInt.empty()));
        polls(0);
        assertThat(values("gpu_mig_workload_memory_used_bytes")).isEmpty();
        mig = List.of(ofFirst(0), SECOND);
        polls(0);
        assertThat(values("gpu_mig_workload_memory_used_bytes")).containsExactly("train-0 4.0");
    }

    /** A part of the first GPU instance. */
    private static MigPart ofFirst(int computeInstance) {
        return new MigPart(
                computeInstance,
                "MIG-00000000-0000-0000-0000-00000000000" + computeInstance,
                "1c.3g.40gb",
                1,
                computeInstance);
    }

    @Test
    void isSilentWithoutAttribution() {
        runs(10, "train-0", 4, 0.5);
        polls(0);
        assertThat(new SeriesBuilder(AttributionMode.OFF)
                        .series(attribution.current()).stream()
                                .filter(series -> series.metric().name().contains("workload")))
                .isEmpty();
    }

    private void runs(long pid, String pod, long bytes, double sm) {
        runs(pid, named(pod), bytes, sm);
    }

    private void runs(long pid, ProcessOrigin origin, long bytes, double sm) {
        origins.put(pid, origin);
        processes.add(process(pid, OptionalLong.of(bytes), OptionalDouble.of(sm), OptionalInt.empty()));
    }

    private void runsOn(int gpuInstance, long pid, String pod, long bytes) {
        origins.put(pid, named(pod));
        processes.add(process(pid, OptionalLong.of(bytes), OptionalDouble.empty(), OptionalInt.of(gpuInstance)));
    }

    private static DeviceProcess process(long pid, OptionalLong bytes, OptionalDouble sm, OptionalInt gpuInstance) {
        return new DeviceProcess(
                pid, bytes, sm, gpuInstance, gpuInstance.isPresent() ? OptionalInt.of(0) : OptionalInt.empty());
    }

    private static ProcessOrigin named(String pod) {
        return ProcessOrigin.in(new Workload("research", pod, "main"));
    }

    private static ProcessOrigin unseen() {
        return new ProcessOrigin(ProcessOrigin.Kind.UNSEEN, Optional.empty());
    }

    private GpuEvent xid(int number, OptionalInt gpuInstance) {
        return new GpuEvent("GPU-0", now, "xid", OptionalInt.of(number), gpuInstance, OptionalInt.empty());
    }

    /** A second after the poll before, the GPU has used so much since the driver was loaded. */
    private void polls(double joules) {
        polls(joules, Optional.of(List.copyOf(processes)));
    }

    private void polls(double joules, Optional<List<DeviceProcess>> seen) {
        now = now.plusSeconds(1);
        publish(Optional.empty(), List.of(new Sample(metric("gpu_energy_joules_total"), List.of(), joules)), seen);
    }

    private void gpuIsLost() {
        publish(Optional.of("GPU_IS_LOST"), List.of(), Optional.empty());
    }

    private void publish(Optional<String> problem, List<Sample> samples, Optional<List<DeviceProcess>> seen) {
        DeviceIdentity identity = Identity.of(0, "GPU-0", "NVIDIA H100", "00000000:01:00.0", "0");
        DeviceHistory history = new DeviceHistory(
                new TreeMap<>(), new TreeMap<>(), Optional.of(START), Optional.of(now), gpuLastActive);
        polled = new Snapshot(
                now,
                Duration.ZERO,
                Optional.empty(),
                List.of(new DeviceReading(
                        0, Optional.of(identity), Optional.empty(), problem, mig, samples, seen, history)));
        attribution.refresh();
    }

    /** The kubelet says, half a second after the last poll, which pod holds which device. */
    private void holds(String... podsAndDevices) {
        List<Allocation> held = Stream.of(podsAndDevices)
                .map(podAndDevice -> podAndDevice.split(" "))
                .map(parts -> new Allocation(
                        new Workload("research", parts[0], "main"), "nvidia.com/gpu", DeviceId.parse(parts[1])))
                .toList();
        heard = WorkloadIndex.of(now.plusMillis(500), held, Optional.empty(), GpuResources.byForm());
        attribution.refresh();
    }

    private Stream<Series> series() {
        return new SeriesBuilder(AttributionMode.LABELS).series(attribution.current()).stream();
    }

    /** Of each series the pod, the Xid where it has one, and the value. */
    private List<String> values(String name) {
        return series().filter(series -> series.metric().name().equals(name))
                .map(series -> label(series, "pod")
                        + (series.labelNames().contains("xid") ? " " + label(series, "xid") : "")
                        + " " + series.value())
                .toList();
    }

    private static String label(Series series, String name) {
        return series.labelValues().get(series.labelNames().indexOf(name));
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / 1000.0;
    }

    private static GpuMetric metric(String name) {
        return MetricCatalog.all().stream()
                .filter(any -> any.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
