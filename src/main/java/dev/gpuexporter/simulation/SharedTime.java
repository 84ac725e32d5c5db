package dev.gpuexporter.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the time of a GPU, or of each MIG device on it, is shared among those who want it in one second.
 *
 * @param utilization of the GPU, 0–1; MIG devices count by their part of its multiprocessors
 * @param memoryUtilization of its memory controller, 0–1
 * @param gpuInstances the same of each GPU instance that somebody uses, by id
 */
record SharedTime(
        double utilization,
        double memoryUtilization,
        Map<Integer, Share> gpuInstances,
        List<SimulatedProcess> processes) {

    /** Of one GPU instance, 0–1 of its own time. */
    record Share(double utilization, double memoryUtilization) {
        Share and(Share other) {
            return new Share(utilization + other.utilization, memoryUtilization + other.memoryUtilization);
        }
    }

    static final SharedTime NONE = new SharedTime(0, 0, Map.of(), List.of());

    /** @param running those who are there in that second */
    static SharedTime of(List<Workload> running, long second, GpuModel model) {
        Map<Optional<SimulatedMig>, List<Workload>> byDevice = new LinkedHashMap<>();
        running.forEach(workload -> byDevice.computeIfAbsent(workload.mig(), mig -> new ArrayList<>())
                .add(workload));
        double utilization = 0;
        double memoryUtilization = 0;
        Map<Integer, Share> gpuInstances = new HashMap<>();
        Map<Workload, Double> granted = new HashMap<>();
        for (Map.Entry<Optional<SimulatedMig>, List<Workload>> device : byDevice.entrySet()) {
            Share share = share(device.getValue(), second, granted);
            Optional<SimulatedMig> mig = device.getKey();
            double part = mig.map(each -> each.multiprocessors() / all(model)).orElse(1.0);
            utilization += share.utilization * part;
            memoryUtilization += share.memoryUtilization * part;
            mig.ifPresent(each -> gpuInstances.merge(
                    each.gpuInstance(),
                    new Share(share.utilization * each.share(), share.memoryUtilization * each.share()),
                    Share::and));
        }
        List<SimulatedProcess> processes = running.stream()
                .map(workload -> workload.process(granted.get(workload)))
                .toList();
        return new SharedTime(Math.min(1, utilization), memoryUtilization, gpuInstances, processes);
    }

    /** The multiprocessors of the whole GPU. */
    private static double all(GpuModel model) {
        return MigProfile.of(model).stream()
                .mapToInt(MigProfile::multiprocessors)
                .max()
                .orElse(1);
    }

    /** Of one device: whoever asks together for more than all its time gets less. */
    private static Share share(List<Workload> workloads, long second, Map<Workload, Double> granted) {
        double wanted = 0;
        double memory = 0;
        for (Workload workload : workloads) {
            double part = workload.utilization(second);
            wanted += part;
            memory += part * workload.memoryIntensity();
            granted.put(workload, part);
        }
        double factor = wanted > 1 ? 1 / wanted : 1;
        for (Workload workload : workloads) {
            granted.computeIfPresent(workload, (each, part) -> part * factor);
        }
        return new Share(Math.min(1, wanted), memory * factor);
    }
}
