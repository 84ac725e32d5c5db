package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.Workload;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One GPU at a glance, for people.
 *
 * @param model empty for a GPU that never said what it is
 * @param offered whether the kubelet has it, or parts of it, to give
 * @param shared whether several hold it, or shares of it
 * @param mig its MIG devices
 * @param xids of the last hour, and when each last came
 * @param hits whom they have hit, whether that one is still there or not, in words
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
        Condition condition,
        boolean offered,
        boolean shared,
        List<Workload> workloads,
        List<MigSummary> mig,
        SortedMap<Integer, Instant> xids,
        List<String> hits) {
    private static final Duration XIDS_ARE_NEWS = Duration.ofHours(1);

    /** Every GPU of the node, by index. */
    public static List<GpuSummary> of(NodeView node) {
        return node.snapshot().devices().stream()
                .map(device -> of(device, node.owner(device), node))
                .toList();
    }

    private static GpuSummary of(DeviceReading device, Ownership ownership, NodeView node) {
        Instant now = node.snapshot().time();
        boolean offered = node.allocatable()
                .filter(uuids -> uuids.contains(device.uuid()))
                .isPresent();
        boolean heldBack = !offered && node.allocatable().isPresent();
        SortedMap<Integer, Instant> xids = newXids(device, now);
        return new GpuSummary(
                device.index(),
                device.uuid(),
                device.model(),
                device.value("gpu_utilization_ratio"),
                device.value("gpu_memory_used_bytes"),
                device.value("gpu_memory_total_bytes"),
                device.value("gpu_temperature_celsius", "gpu"),
                device.value("gpu_power_draw_watts"),
                device.value("gpu_power_limit_watts", "enforced"),
                Condition.of(device, now, heldBack, xids.keySet()),
                offered,
                ownership.isShared(),
                ownership.workloads(),
                MigSummary.of(device, node),
                xids,
                node.uses().xids(device.uuid()).stream()
                        .map(WorkloadXid::inWords)
                        .toList());
    }

    private static SortedMap<Integer, Instant> newXids(DeviceReading device, Instant now) {
        SortedMap<Integer, Instant> xids = new TreeMap<>();
        device.history().xids().forEach((number, seen) -> seen.last()
                .filter(time -> time.plus(XIDS_ARE_NEWS).isAfter(now))
                .ifPresent(time -> xids.put(number, time)));
        return xids;
    }

    /** A line for each Xid of the last hour and each that held the GPU then; one where nobody did. */
    public List<String> xidTexts() {
        List<String> texts = new ArrayList<>();
        xids.forEach((number, time) -> {
            String words = "Xid " + number + " at ";
            List<String> known =
                    hits.stream().filter(hit -> hit.startsWith(words)).toList();
            texts.addAll(known.isEmpty() ? List.of(words + time.truncatedTo(ChronoUnit.SECONDS)) : known);
        });
        return texts;
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
        return InWords.holders(shared && !condition.isLost(), workloads);
    }
}
