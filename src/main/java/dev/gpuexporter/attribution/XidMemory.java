package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.GpuEvent;
import dev.gpuexporter.collection.SetBack;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.MigPart;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who held a GPU when its Xids came, for an hour: neither the GPU nor the pod need be there any more. */
final class XidMemory {
    private static final Duration KEPT = Duration.ofHours(1);

    private final Map<Struck, Instant> times = new HashMap<>();

    private record Struck(Holding holding, int xid) {}

    /** @param node as it is while the event comes */
    synchronized void note(GpuEvent event, NodeView node) {
        event.xid().ifPresent(xid -> node.snapshot().devices().stream()
                .filter(device -> device.uuid().equals(event.uuid()))
                .flatMap(device -> holders(event, device, node).stream())
                .forEach(workload -> times.put(new Struck(new Holding(event.uuid(), workload), xid), event.time())));
    }

    /** Those of the whole GPU, and those of its MIG devices that the event may mean. */
    private static Set<Workload> holders(GpuEvent event, DeviceReading device, NodeView node) {
        Set<Workload> holders = new HashSet<>(node.owner(device).workloads());
        for (MigPart mig : device.mig()) {
            if (event.gpuInstance().orElse(mig.gpuInstance()) == mig.gpuInstance()
                    && event.computeInstance().orElse(mig.computeInstance()) == mig.computeInstance()) {
                holders.addAll(node.owner(mig).workloads());
            }
        }
        return holders;
    }

    synchronized void clockWas(SetBack setBack) {
        times.replaceAll((struck, time) -> setBack.past(time));
    }

    /** By the UUID of the GPU, the newest last. */
    synchronized Map<String, List<WorkloadXid>> at(Instant now) {
        times.values().removeIf(time -> time.plus(KEPT).isBefore(now));
        Map<String, List<WorkloadXid>> xids = new HashMap<>();
        times.entrySet().stream()
                .sorted((one, other) -> one.getValue().compareTo(other.getValue()))
                .forEach(entry -> {
                    Struck struck = entry.getKey();
                    xids.computeIfAbsent(struck.holding().device(), uuid -> new ArrayList<>())
                            .add(new WorkloadXid(struck.holding().workload(), struck.xid(), entry.getValue()));
                });
        return xids;
    }
}
