package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
                Stream.concat(pod.devices().stream().map(device -> id(pod, device)), pod.deviceIds().stream())
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
                if (gpu.mig().enabled()) {
                    gpu.migDevices().forEach(mig -> offer(gpu, resource(gpu, mig), mig.uuid(), offered));
                } else {
                    offer(gpu, resource(gpu.index()), gpu.identity().uuid(), offered);
                }
            }
        }
        return List.copyOf(offered);
    }

    private void offer(SimulatedGpu gpu, String resource, String uuid, List<OfferedDevice> offered) {
        int replicas = node.scenario().gpus().get(gpu.index()).replicas();
        if (replicas == 1) {
            offered.add(new OfferedDevice(resource, uuid));
        }
        for (int replica = 0; replicas > 1 && replica < replicas; replica++) {
            offered.add(new OfferedDevice(resource, uuid + "::" + replica));
        }
    }

    /** What those who hold the MIG device call it, or else what the plugin calls devices of its profile. */
    private String resource(SimulatedGpu gpu, SimulatedMig mig) {
        for (Scenario.Pod pod : node.scenario().pods()) {
            for (Scenario.Device device : pod.devices()) {
                if (device.gpu() == gpu.index()
                        && SimulatedNode.migDevice(gpu.mig(), pod, device).equals(Optional.of(mig))) {
                    return pod.resource();
                }
            }
        }
        return "nvidia.com/mig-" + mig.name().replace('+', '.');
    }

    /** What those who hold the GPU call it; the plugin gives one GPU out under one name. */
    private String resource(int gpu) {
        return node.scenario().pods().stream()
                .filter(pod -> pod.devices().stream().anyMatch(device -> device.gpu() == gpu))
                .map(Scenario.Pod::resource)
                .findFirst()
                .orElse(GPU_RESOURCE);
    }

    private String id(Scenario.Pod pod, Scenario.Device device) {
        SimulatedGpu gpu = node.gpus().get(device.gpu());
        String uuid = SimulatedNode.migDevice(gpu.mig(), pod, device)
                .map(SimulatedMig::uuid)
                .orElse(gpu.identity().uuid());
        return device.replica().isPresent() ? uuid + "::" + device.replica().getAsInt() : uuid;
    }
}
