package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.Workload;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One GPU at a glance, for people.
 *
 * @param model empty for a GPU that never said what it is
 * @param health {@code ok}, {@code idle} or {@code lost}
 * @param problem why it is lost, or empty
 * @param shared whether several hold it, or shares of it
 */
public record GpuSummary(
        int index,
        String uuid,
        String model,
        OptionalDouble utilizationRatio,
        OptionalDouble memoryUsedBytes,
        OptionalDouble memoryTotalBytes,
        OptionalDouble temperatureCelsius,
        OptionalDouble powerWatts,
        OptionalDouble powerLimitWatts,
        String health,
        String problem,
        boolean shared,
        List<Workload> workloads) {

    /** Every GPU of the node, by index. */
    public static List<GpuSummary> of(NodeView node) {
        return node.snapshot().devices().stream()
                .map(device -> of(device, node.owner(device)))
                .toList();
    }

    private static GpuSummary of(DeviceReading device, Ownership ownership) {
        OptionalDouble utilization = device.value("gpu_utilization_ratio");
        return new GpuSummary(
                device.index(),
                device.uuid(),
                device.model(),
                utilization,
                device.value("gpu_memory_used_bytes"),
                device.value("gpu_memory_total_bytes"),
                device.value("gpu_temperature_celsius", "gpu"),
                device.value("gpu_power_draw_watts"),
                device.value("gpu_power_limit_watts", "enforced"),
                health(device, utilization),
                device.problem().orElse(""),
                ownership.isShared(),
                ownership.workloads());
    }

    private static String health(DeviceReading device, OptionalDouble utilization) {
        if (!device.isUp()) {
            return "lost";
        }
        return utilization.orElse(1) == 0 ? "idle" : "ok";
    }

    /** Who holds it, in one line: {@code namespace/pod container}, or the pods that share it. */
    public String workloadText() {
        if (!health.equals("lost") && shared) {
            List<String> pods = workloads.stream()
                    .map(workload -> workload.namespace() + "/" + workload.pod())
                    .distinct()
                    .toList();
            return String.join(", ", pods);
        }
        return workloads.isEmpty()
                ? ""
                : workloads.get(0).namespace() + "/" + workloads.get(0).pod() + " "
                        + workloads.get(0).container();
    }
}
