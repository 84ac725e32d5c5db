package bench;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.simulation.SimulatedNvml;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What it costs to find out who holds what, on a node of as many MIG devices and pods as there can be: to sort what the
 * kubelet answers, and to join it with a snapshot.
 */
final class MappingCost {
    private static final int PODS = 110;
    private static final Duration PEAK_WINDOW = Duration.ofMinutes(1);
    private static final int WARM_UP = 200;
    private static final String RESOURCE = "nvidia.com/mig-1g.18gb.shared";
    private static final String TARGET = "< 10 ms";

    private MappingCost() {}

    /** Arguments: the scenario's file, and how often. */
    public static void main(String[] args) throws InterruptedException {
        try {
            Snapshot snapshot = snapshot(args[0]);
            List<String> devices = snapshot.devices().stream()
                    .flatMap(gpu -> gpu.mig().stream())
                    .map(mig -> mig.uuid())
                    .toList();
            int times = Integer.parseInt(args[1]);
            measure(snapshot, oneEach(devices), PODS + " pods of a share each", times);
            measure(snapshot, allOfAll(devices), PODS + " pods of a share of each device", times);
            Runtime.getRuntime().halt(0);
        } finally {
            Runtime.getRuntime().halt(1); // the poller's threads would go on
        }
    }

    private static Snapshot snapshot(String scenario) throws InterruptedException {
        SimulatedNvml nvml = new SimulatedNvml(new SimulatedNode(new ScenarioFile(GpuModels.names()).read(scenario)));
        Poller poller = new Poller(
                Vertx.vertx(),
                InstantSource.system(),
                () -> nvml,
                new Host(Path.of("/nonexistent"), true),
                Duration.ofSeconds(1),
                PEAK_WINDOW,
                PollCost.onByDefault(),
                new SimpleMeterRegistry(),
                Optional.empty(),
                () -> {},
                why -> {});
        poller.start();
        while (!poller.current().hasData()
                || !poller.current().devices().stream().allMatch(DeviceReading::isUp)) {
            Thread.sleep(1);
        }
        return poller.current();
    }

    private static List<Allocation> oneEach(List<String> devices) {
        List<Allocation> held = new ArrayList<>();
        for (int pod = 0; pod < PODS; pod++) {
            held.add(share(devices.get(pod % devices.size()), pod));
        }
        return held;
    }

    private static List<Allocation> allOfAll(List<String> devices) {
        List<Allocation> held = new ArrayList<>();
        for (int pod = 0; pod < PODS; pod++) {
            for (String device : devices) {
                held.add(share(device, pod));
            }
        }
        return held;
    }

    private static Allocation share(String device, int pod) {
        return new Allocation(
                new Workload("research", "train-" + pod, "main"), RESOURCE, DeviceId.parse(device + "::" + pod));
    }

    private static void measure(Snapshot snapshot, List<Allocation> held, String what, int times) {
        run(snapshot, held, WARM_UP, new Samples(), new Samples());
        Samples sorting = new Samples();
        Samples joining = new Samples();
        run(snapshot, held, times, sorting, joining);
        Figure.of("map of " + what + ": joining it with a snapshot", TARGET, "ms", joining)
                .print();
        Figure.of("map of " + what + ": sorting the kubelet's answer", "", "ms", sorting)
                .print();
    }

    private static void run(Snapshot snapshot, List<Allocation> held, int times, Samples sorting, Samples joining) {
        Map<String, Set<DeviceId>> allocatable =
                Map.of(RESOURCE, held.stream().map(Allocation::device).collect(Collectors.toSet()));
        WorkloadIndex[] newest = {WorkloadIndex.empty(Instant.EPOCH)};
        Attribution attribution = new Attribution(() -> snapshot, () -> newest[0]);
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            newest[0] = WorkloadIndex.of(Instant.now(), held, Optional.of(allocatable), GpuResources.byForm());
            long sorted = System.nanoTime();
            attribution.refresh();
            sorting.add((sorted - start) / 1e6);
            joining.add((System.nanoTime() - sorted) / 1e6);
        }
    }
}
