package dev.gpuexporter.config;

import dev.gpuexporter.config.Scenario.Device;
import dev.gpuexporter.config.Scenario.Load;
import dev.gpuexporter.config.Scenario.MemoryUse;
import dev.gpuexporter.config.Scenario.Shape;
import dev.gpuexporter.config.Scenario.Window;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Who holds the GPUs of a scenario that does not say: a training, an idle notebook, one GPU in time-slicing replicas, a
 * training on several GPUs and smaller jobs, and from four GPUs on the last one is free.
 */
final class DefaultPods {
    static final String RESOURCE = "nvidia.com/gpu";

    private static final int SHARED_GPU = 2;
    private static final int REPLICAS = 4;
    private static final int MOST_GPUS_A_POD = 4;

    private DefaultPods() {}

    /** The same GPUs, the third of them handed out in replicas where nobody said otherwise. */
    static List<Scenario.Gpu> sharing(List<Scenario.Gpu> gpus) {
        List<Scenario.Gpu> shared = new ArrayList<>(gpus);
        if (gpus.size() > SHARED_GPU
                && gpus.stream()
                        .allMatch(gpu -> gpu.replicas() == 1 && gpu.mig().isEmpty())) {
            Scenario.Gpu gpu = gpus.get(SHARED_GPU);
            shared.set(SHARED_GPU, new Scenario.Gpu(gpu.model(), REPLICAS, gpu.powerLimitWatts()));
        }
        return shared;
    }

    static List<Scenario.Pod> on(List<Scenario.Gpu> gpus) {
        List<Scenario.Pod> pods = new ArrayList<>();
        List<Integer> whole = IntStream.range(0, gpus.size())
                .filter(gpu ->
                        gpus.get(gpu).replicas() == 1 && gpus.get(gpu).mig().isEmpty())
                .boxed()
                .toList();
        List<Integer> held = gpus.size() < 4 ? whole : whole.subList(0, Math.max(0, whole.size() - 1));
        for (int gpu : part(held, 0, 1)) {
            pods.add(pod("research", "train-0", "main", on(gpu), load(0.97, 0.92, Shape.STEADY)));
        }
        for (int gpu : part(held, 1, 2)) {
            pods.add(pod("research", "notebook-7", "jupyter", on(gpu), load(0, 0.004, Shape.STEADY)));
        }
        List<Integer> several = part(held, 2, 2 + MOST_GPUS_A_POD);
        if (!several.isEmpty()) {
            List<Device> devices = several.stream().map(Device::whole).toList();
            pods.add(pod("research", "finetune-0", "main", devices, load(0.9, 0.8, Shape.WAVES)));
        }
        int workers = 0;
        for (int gpu : part(held, 2 + MOST_GPUS_A_POD, held.size())) {
            pods.add(pod("batch", "worker-" + workers++, "worker", on(gpu), load(0.3, 0.35, Shape.BURSTS)));
        }
        IntStream.range(0, gpus.size())
                .filter(gpu ->
                        gpus.get(gpu).replicas() > 1 && gpus.get(gpu).mig().isEmpty())
                .forEach(gpu -> pods.addAll(sharers(gpu, gpus.get(gpu).replicas())));
        IntStream.range(0, gpus.size()).forEach(gpu -> pods.addAll(onMigDevices(gpu, gpus.get(gpu))));
        return List.copyOf(pods);
    }

    /** One on each MIG device that the GPU has at first, but for the last, until the GPU is cut up anew. */
    private static List<Scenario.Pod> onMigDevices(int gpu, Scenario.Gpu spec) {
        List<MigLayout.Part> parts = spec.replicas() == 1 ? spec.partsAt(Duration.ZERO) : List.of();
        Window presence = new Window(
                Duration.ZERO,
                spec.mig().size() > 1 ? Optional.of(spec.mig().get(1).from()) : Optional.empty());
        List<Scenario.Pod> pods = new ArrayList<>();
        for (int part = 0; part < parts.size() - 1; part++) {
            double utilization = 0.9 - 0.1 * part;
            pods.add(new Scenario.Pod(
                    "prod",
                    "inference-" + gpu + "-" + part,
                    "server",
                    parts.get(part).resource(),
                    List.of(Device.mig(gpu, part)),
                    List.of(),
                    load(utilization, 0.3, Shape.WAVES),
                    presence));
        }
        return pods;
    }

    /** The elements from one index until before another, as far as there are any. */
    private static List<Integer> part(List<Integer> list, int from, int until) {
        return list.subList(Math.min(from, list.size()), Math.min(until, list.size()));
    }

    private static List<Device> on(int gpu) {
        return List.of(Device.whole(gpu));
    }

    /** Three, or as many as there are replicas for. */
    private static List<Scenario.Pod> sharers(int gpu, int replicas) {
        List<Scenario.Pod> sharers = List.of(
                pod("prod", "llm-a", "server", List.of(Device.replica(gpu, 0)), load(0.2, 0.28, Shape.WAVES)),
                pod("prod", "llm-b", "server", List.of(Device.replica(gpu, 1)), load(0.15, 0.24, Shape.WAVES)),
                pod("dev", "test", "main", List.of(Device.replica(gpu, 2)), load(0.06, 0.1, Shape.BURSTS)));
        return sharers.subList(0, Math.min(sharers.size(), replicas));
    }

    private static Scenario.Pod pod(String namespace, String pod, String container, List<Device> devices, Load load) {
        return new Scenario.Pod(namespace, pod, container, RESOURCE, devices, List.of(), load, Window.ALWAYS);
    }

    private static Load load(double utilization, double memory, Shape shape) {
        return new Load(utilization, MemoryUse.ofRatio(memory), shape);
    }
}
