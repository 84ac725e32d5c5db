package dev.gpuexporter.config;

import dev.gpuexporter.config.Scenario.Device;
import dev.gpuexporter.config.Scenario.Load;
import dev.gpuexporter.config.Scenario.MemoryUse;
import dev.gpuexporter.config.Scenario.Shape;
import dev.gpuexporter.config.Scenario.Window;
import java.util.ArrayList;
import java.util.List;
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
        if (gpus.size() > SHARED_GPU && gpus.stream().allMatch(gpu -> gpu.replicas() == 1)) {
            Scenario.Gpu gpu = gpus.get(SHARED_GPU);
            shared.set(SHARED_GPU, new Scenario.Gpu(gpu.model(), REPLICAS, gpu.powerLimitWatts()));
        }
        return shared;
    }

    static List<Scenario.Pod> on(List<Scenario.Gpu> gpus) {
        List<Scenario.Pod> pods = new ArrayList<>();
        List<Integer> whole = IntStream.range(0, gpus.size())
                .filter(gpu -> gpus.get(gpu).replicas() == 1)
                .boxed()
                .toList();
        List<Integer> held = gpus.size() < 4 ? whole : whole.subList(0, Math.max(0, whole.size() - 1));
        for (int i = 0, workers = 0; i < held.size(); ) {
            List<Device> one = List.of(Device.whole(held.get(i)));
            int left = held.size() - i;
            if (i == 0) {
                pods.add(pod("research", "train-0", "main", one, load(0.97, 0.92, Shape.STEADY)));
            } else if (i == 1) {
                pods.add(pod("research", "notebook-7", "jupyter", one, load(0, 0.004, Shape.STEADY)));
            } else if (i == 2 && left > 1) {
                List<Device> several = held.subList(i, i + Math.min(left, MOST_GPUS_A_POD)).stream()
                        .map(Device::whole)
                        .toList();
                pods.add(pod("research", "finetune-0", "main", several, load(0.9, 0.8, Shape.WAVES)));
                i += several.size() - 1;
            } else {
                pods.add(pod("batch", "worker-" + workers++, "worker", one, load(0.3, 0.35, Shape.BURSTS)));
            }
            i++;
        }
        IntStream.range(0, gpus.size())
                .filter(gpu -> gpus.get(gpu).replicas() > 1)
                .forEach(gpu -> pods.addAll(sharers(gpu, gpus.get(gpu).replicas())));
        return List.copyOf(pods);
    }

    /** Three, or as many as there are replicas for. */
    private static List<Scenario.Pod> sharers(int gpu, int replicas) {
        List<Scenario.Pod> sharers = List.of(
                pod("prod", "llm-a", "server", List.of(Device.replica(gpu, 0)), load(0.2, 0.28, Shape.WAVES)),
                pod("prod", "llm-b", "server", List.of(Device.replica(gpu, 1)), load(0.15, 0.24, Shape.WAVES)),
                pod("dev", "test", "main", List.of(Device.replica(gpu, 2 % replicas)), load(0.06, 0.1, Shape.BURSTS)));
        return sharers.subList(0, Math.min(sharers.size(), replicas));
    }

    private static Scenario.Pod pod(String namespace, String pod, String container, List<Device> devices, Load load) {
        return new Scenario.Pod(namespace, pod, container, RESOURCE, devices, List.of(), load, Window.ALWAYS);
    }

    private static Load load(double utilization, double memory, Shape shape) {
        return new Load(utilization, MemoryUse.ofRatio(memory), shape);
    }
}
