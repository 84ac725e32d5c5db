package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the kubelet of the simulated node would say, without its protocol. */
public final class SimulatedKubelet {
    private static final String GPU_RESOURCE = "nvidia.com/gpu";

    private final SimulatedNode node;

    public SimulatedKubelet(SimulatedNode node) {
        this.node = node;
    }

    /**
     * A device that a container holds.
     *
     * @param deviceId as the device plugin names it, such as GPU-… or, for a replica, GPU-…::0
     */
    public record HeldDevice(String namespace, String pod, String container, String resource, String deviceId) {}

    /** A device that the device plugin offers. */
    public record OfferedDevice(String resource, String deviceId) {}

    /** Devices of the containers that run now, as List has them. */
    public List<HeldDevice> heldDevices() {
        long now = node.elapsedNanos();
        List<HeldDevice> held = new ArrayList<>();
        for (Scenario.Pod pod : node.scenario().pods()) {
            if (pod.presence().contains(now)) {
                Stream.concat(pod.devices().stream().map(this::id), pod.deviceIds().stream())
                        .map(id -> new HeldDevice(pod.namespace(), pod.pod(), pod.container(), pod.resource(), id))
                        .forEach(held::add);
            }
        }
        return List.copyOf(held);
    }

    /** All devices, held or free, as GetAllocatableResources has them; a GPU that is lost stays out. */
    public List<OfferedDevice> offeredDevices() {
        List<OfferedDevice> offered = new ArrayList<>();
        for (SimulatedGpu gpu : node.gpus()) {
            if (!node.failures().lost(gpu.index())) {
                int replicas = node.scenario().gpus().get(gpu.index()).replicas();
                String uuid = gpu.identity().uuid();
                if (replicas == 1) {
                    offered.add(new OfferedDevice(GPU_RESOURCE, uuid));
                }
                for (int replica = 0; replicas > 1 && replica < replicas; replica++) {
                    offered.add(new OfferedDevice(GPU_RESOURCE, uuid + "::" + replica));
                }
            }
        }
        return List.copyOf(offered);
    }

    private String id(Scenario.Device device) {
        String uuid = node.gpus().get(device.gpu()).identity().uuid();
        return device.replica().isPresent() ? uuid + "::" + device.replica().getAsInt() : uuid;
    }
}
