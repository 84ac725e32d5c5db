package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.MigPart;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One MIG device at a glance, for people.
 *
 * @param name its GPU's index and its own, such as {@code 0:2}
 * @param activeRatio of its graphics engine, where GPM tells
 * @param memoryUsedBytes of its GPU instance, said of the first of its compute instances
 * @param shared whether several hold it, or shares of it
 */
public record MigSummary(
        String name,
        String uuid,
        String profile,
        OptionalDouble activeRatio,
        OptionalDouble memoryUsedBytes,
        OptionalDouble memoryTotalBytes,
        boolean shared,
        List<Workload> workloads) {

    static List<MigSummary> of(DeviceReading gpu, NodeView node) {
        return gpu.mig().stream().map(part -> of(gpu, part, node.owner(part))).toList();
    }

    private static MigSummary of(DeviceReading gpu, MigPart part, Ownership ownership) {
        return new MigSummary(
                gpu.index() + ":" + part.index(),
                part.uuid(),
                part.profile(),
                gpu.value(part, "gpu_mig_graphics_engine_active_ratio"),
                gpu.value(part, "gpu_mig_memory_used_bytes"),
                gpu.value(part, "gpu_mig_memory_total_bytes"),
                ownership.isShared(),
                ownership.workloads());
    }

    public String activeText() {
        return InWords.percent(activeRatio);
    }

    public String memoryText() {
        return InWords.gibibytes(memoryUsedBytes, memoryTotalBytes);
    }

    public String workloadText() {
        return InWords.holders(shared, workloads);
    }
}
