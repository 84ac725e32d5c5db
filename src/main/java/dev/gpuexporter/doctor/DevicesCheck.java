package dev.gpuexporter.doctor;

import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.Allocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Whether the kubelet and the driver mean the same devices: what can be given to pods, and what pods hold. */
final class DevicesCheck {
    static final String TOPIC = "devices";

    private final NodeView node;

    DevicesCheck(NodeView node) {
        this.node = node;
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (node.snapshot().isNvmlUp()) {
            node.allocatable().ifPresent(uuids -> findings.addAll(notAllocatable(uuids)));
            if (everyGpuHasSaidWhoItIs()) { // else it may be one that does not answer, which is said there
                node.unmapped().forEach(held -> findings.add(unmapped(held)));
            }
        }
        if (findings.isEmpty() && !node.workloads().stock().isEmpty()) {
            findings.add(Finding.ok(TOPIC, stock()));
        }
        return findings;
    }

    private boolean everyGpuHasSaidWhoItIs() {
        return node.snapshot().devices().stream()
                .allMatch(device -> device.identity().isPresent());
    }

    private String stock() {
        return node.workloads().stock().entrySet().stream()
                .map(resource -> resource.getKey() + ": "
                        + (resource.getValue().allocatable().isPresent()
                                ? resource.getValue().allocatable().getAsInt() + " allocatable, "
                                : "")
                        + resource.getValue().allocated() + " allocated")
                .collect(Collectors.joining("; "));
    }

    private List<Finding> notAllocatable(Set<String> uuids) {
        List<DeviceReading> known = node.snapshot().devices().stream()
                .filter(device -> device.identity().isPresent())
                .toList();
        if (uuids.isEmpty() && !known.isEmpty()) {
            return List.of(Finding.warn(
                    TOPIC,
                    "no GPU can be given to pods: no device plugin has registered any",
                    "install NVIDIA's device plugin or the GPU Operator; where it runs, its log says why; after a restart"
                            + " of the kubelet it registers again within a minute"));
        }
        return known.stream()
                .filter(device -> !uuids.contains(device.uuid()))
                .map(device -> Finding.warn(
                        TOPIC,
                        GpuNames.of(device) + " cannot be given to pods: the device plugin does not offer it",
                        "the plugin withdraws a GPU after a critical Xid: mend the GPU, then restart the plugin's pod"))
                .toList();
    }

    private static Finding unmapped(Allocation held) {
        return Finding.warn(
                TOPIC,
                held.inWords() + ", is no GPU that the driver knows",
                "where it is no GPU at all, leave it out by kubernetes.resources; a device of DRA may need"
                        + " kubernetes.resource-slices = on");
    }
}
