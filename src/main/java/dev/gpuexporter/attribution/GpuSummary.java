package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceHistory;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.XidCatalog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One GPU at a glance, for people.
 *
 * @param model empty for a GPU that never said what it is
 * @param health {@code ok}, {@code idle} or {@code lost}
 * @param healthText the same, and for how long it has been idle
 * @param problem why it is lost, or empty; an Xid that came with it says more than the call that failed
 * @param shared whether several hold it, or shares of it
 * @param mig its MIG devices
 * @param xids of the last hour, each with when it last came and who held the GPU then
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
        String healthText,
        String problem,
        boolean shared,
        List<Workload> workloads,
        List<MigSummary> mig,
        List<String> xids) {

    /** Every GPU of the node, by index. */
    public static List<GpuSummary> of(NodeView node) {
        return node.snapshot().devices().stream()
                .map(device -> of(device, node.owner(device), node))
                .toList();
    }

    private static GpuSummary of(DeviceReading device, Ownership ownership, NodeView node) {
        OptionalDouble utilization = device.value("gpu_utilization_ratio");
        String health = health(device, utilization);
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
                health,
                health.equals("idle")
                        ? health + idleFor(device.history(), node.snapshot().time())
                        : health,
                problem(device),
                ownership.isShared(),
                ownership.workloads(),
                MigSummary.of(device, node),
                node.uses().xids(device.uuid()).stream()
                        .map(WorkloadXid::inWords)
                        .toList());
    }

    private static String health(DeviceReading device, OptionalDouble utilization) {
        if (!device.isUp()) {
            return "lost";
        }
        return utilization.orElse(1) == 0 ? "idle" : "ok";
    }

    /** Exact where the GPU was seen busy, else since we first saw it; nothing under a minute. */
    private static String idleFor(DeviceHistory history, Instant now) {
        Optional<Instant> since = history.lastActive().or(history::since);
        Duration idle = Duration.between(since.orElse(now), now);
        if (idle.toMinutes() == 0) {
            return "";
        }
        return (history.lastActive().isPresent() ? " " : " > ") + spoken(idle);
    }

    /** In the largest unit that is full. */
    private static String spoken(Duration duration) {
        if (duration.toDays() > 0) {
            return duration.toDays() + " d";
        }
        return duration.toHours() > 0 ? duration.toHours() + " h" : duration.toMinutes() + " min";
    }

    private static String problem(DeviceReading device) {
        if (device.isUp()) {
            return "";
        }
        return device.history()
                .lastXid(number -> XidCatalog.xid(number).action().isAboutTheGpu())
                .map(XidCatalog::xid)
                .map(xid -> "Xid " + xid.number() + ": " + xid.name() + "; "
                        + xid.action().words())
                .or(device::problem)
                .orElse("");
    }

    public String utilizationText() {
        return InWords.percent(utilizationRatio);
    }

    public String memoryText() {
        return InWords.gibibytes(memoryUsedBytes, memoryTotalBytes);
    }

    public String temperatureText() {
        return InWords.celsius(temperatureCelsius);
    }

    public String powerText() {
        return InWords.watts(powerWatts, powerLimitWatts);
    }

    /** Who holds it, in one line: {@code namespace/pod container}, or the pods that share it. */
    public String workloadText() {
        return InWords.holders(shared && !health.equals("lost"), workloads);
    }
}
