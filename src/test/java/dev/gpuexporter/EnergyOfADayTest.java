package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.attribution.Series;
import dev.gpuexporter.attribution.SeriesBuilder;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.ReadNode;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.Device;
import dev.gpuexporter.config.Scenario.Gpu;
import dev.gpuexporter.config.Scenario.Load;
import dev.gpuexporter.config.Scenario.MemoryUse;
import dev.gpuexporter.config.Scenario.Pod;
import dev.gpuexporter.config.Scenario.Shape;
import dev.gpuexporter.config.Scenario.Window;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.ProcessOrigin;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.testing.SteppedClock;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A simulated day in steps of five minutes: three GPUs, one of them in replicas, and pods that come and go. */
class EnergyOfADayTest {
    private static final Duration STEP = Duration.ofMinutes(5);
    private static final Duration DAY = Duration.ofDays(1);
    private static final String ENERGY = "gpu_workload_energy_joules_total";

    private static final Scenario SCENARIO = new Scenario(
            "day",
            3,
            Scenario.DEFAULT_DRIVER_VERSION,
            Scenario.DEFAULT_CUDA_VERSION,
            List.of(Gpu.of("h100"), Gpu.of("a100"), new Gpu("t4", 2, OptionalDouble.empty())),
            pods(),
            List.of(),
            Set.of());

    private final ReadNode node = ReadNode.of(SCENARIO, true);
    private final Map<List<String>, Double> shown = new HashMap<>();
    private final Map<String, Double> byDevice = new TreeMap<>();
    private final Map<String, Double> byOwners = new TreeMap<>();
    private final Map<String, Double> unowned = new TreeMap<>();
    private final Set<String> paid = new HashSet<>();
    private Map<String, Optional<Workload>> owners = Map.of();
    private Map<String, Optional<Workload>> ownersBefore = Map.of();

    private Snapshot snapshot = new Snapshot(SteppedClock.START, Duration.ZERO, Optional.empty(), List.of());
    private WorkloadIndex index = WorkloadIndex.empty(Instant.EPOCH);
    private final Attribution attribution =
            new Attribution(() -> snapshot, () -> index, Optional.of((pid, seenAt) -> ProcessOrigin.OUTSIDE));

    /** On each of the first two GPUs a pod every two hours, for 80 minutes; the same two all day on the third. */
    private static List<Pod> pods() {
        List<Pod> pods = new ArrayList<>();
        for (int hour = 0; hour < 24; hour += 2) {
            pods.add(pod("train-" + hour, Device.whole(0), Duration.ofMinutes(60L * hour + 20), 80, 0.9));
            pods.add(pod("batch", Device.whole(1), Duration.ofMinutes(60L * hour + 40), 80, 0.5));
        }
        pods.add(pod("llm-a", Device.replica(2, 0), Duration.ZERO, 1440 * 2, 0.3));
        pods.add(pod("llm-b", Device.replica(2, 1), Duration.ZERO, 1440 * 2, 0.2));
        return pods;
    }

    private static Pod pod(String name, Device device, Duration from, int minutes, double utilization) {
        return new Pod(
                "research",
                name,
                "main",
                "nvidia.com/gpu",
                List.of(device),
                List.of(),
                new Load(utilization, MemoryUse.ofRatio(0.2), Shape.STEADY),
                new Window(from, Optional.of(from.plusMinutes(minutes))));
    }

    @Test
    void addsUpToWhatTheGpusUsed() throws Exception {
        for (Duration elapsed = Duration.ZERO; elapsed.compareTo(DAY) <= 0; elapsed = elapsed.plus(STEP)) {
            Snapshot before = snapshot;
            poll(elapsed);
            countUsed(before);
            hearFromTheKubelet(elapsed);
            countShown();
        }
        assertThat(byDevice).hasSize(3).allSatisfy((gpu, joules) -> assertThat(joules)
                .isPositive());
        byDevice.forEach((gpu, joules) -> assertThat(byOwners.getOrDefault(gpu, 0.0) + unowned.getOrDefault(gpu, 0.0))
                .as(gpu)
                .isCloseTo(joules, within(0.01)));
        // 12 pods of 16 steps each; the one after which the kubelet first names a pod counts for nobody.
        assertThat(byOwners.get(uuid(0))).isBetween(12 * 15 * 300 * 500.0, 12 * 15 * 300 * 700.0);
        assertThat(byOwners).containsOnlyKeys(uuid(0), uuid(1));
        assertThat(paid).hasSize(12 + 1);
    }

    private String uuid(int gpu) {
        return snapshot.devices().get(gpu).uuid();
    }

    private void poll(Duration elapsed) throws Exception {
        List<DeviceReading> devices = new ArrayList<>();
        for (int gpu = 0; gpu < SCENARIO.gpus().size(); gpu++) {
            devices.add(node.after(gpu == 0 && !elapsed.isZero() ? STEP : Duration.ZERO, gpu));
        }
        snapshot = new Snapshot(SteppedClock.START.plus(elapsed), Duration.ZERO, Optional.empty(), devices);
        attribution.refresh();
    }

    /** A second after the poll. */
    private void hearFromTheKubelet(Duration elapsed) {
        List<Allocation> held = SCENARIO.pods().stream()
                .filter(pod -> pod.presence().contains(elapsed.toNanos()))
                .map(pod -> new Allocation(
                        new Workload(pod.namespace(), pod.pod(), pod.container()),
                        pod.resource(),
                        id(pod.devices().get(0))))
                .toList();
        index = WorkloadIndex.of(
                SteppedClock.START.plus(elapsed).plusSeconds(1), held, Optional.empty(), GpuResources.byForm());
        attribution.refresh();
        ownersBefore = owners;
        owners = owners(attribution.current());
    }

    private DeviceId id(Device device) {
        DeviceId gpu = DeviceId.parse(uuid(device.gpu()));
        OptionalInt replica = device.replica();
        return replica.isPresent() ? new DeviceId.Replica(gpu, replica.getAsInt()) : gpu;
    }

    private static Map<String, Optional<Workload>> owners(NodeView view) {
        return view.snapshot().devices().stream()
                .collect(Collectors.toMap(
                        DeviceReading::uuid, device -> view.owner(device).exclusiveOwner()));
    }

    /** An owner that the kubelet named after the earlier of two polls has held the GPU for a part of the time alone. */
    private void countUsed(Snapshot before) {
        for (DeviceReading earlier : before.devices()) {
            double used = joules(snapshot.devices().get(earlier.index())) - joules(earlier);
            byDevice.merge(earlier.uuid(), used, Double::sum);
            Optional<Workload> owner = owners.get(earlier.uuid());
            if (owner.isEmpty() || !owner.equals(ownersBefore.get(earlier.uuid()))) {
                unowned.merge(earlier.uuid(), used, Double::sum);
            }
        }
    }

    private static double joules(DeviceReading device) {
        return device.value("gpu_energy_joules_total").orElseThrow();
    }

    /** Counters never fall while they are there; one that comes, or comes back, begins at 0. */
    private void countShown() {
        Map<List<String>, Double> now = new HashMap<>();
        for (Series series : new SeriesBuilder(AttributionMode.LABELS).series(attribution.current())) {
            if (series.metric().name().equals(ENERGY)) {
                now.put(series.labelValues(), series.value());
                double before = shown.getOrDefault(series.labelValues(), 0.0);
                assertThat(series.value()).as(series.labelValues().toString()).isGreaterThanOrEqualTo(before);
                byOwners.merge(series.labelValues().get(1), series.value() - before, Double::sum);
                paid.add(series.labelValues().get(3));
            }
        }
        shown.clear();
        shown.putAll(now);
    }
}
