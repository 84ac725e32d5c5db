package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.Plugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** What the kubelet of the simulated node would say, without its protocol. */
public final class SimulatedKubelet {
    private static final String GPU_RESOURCE = "nvidia.com/gpu";

    /** In place of a resource where a device is claimed. */
    private static final String CLAIMED = "gpu.nvidia.com";

    private final SimulatedNode node;

    public SimulatedKubelet(SimulatedNode node) {
        this.node = node;
    }

    /**
     * A device that a container holds.
     *
     * @param deviceId as the device plugin names it, such as GPU-… or, for a replica, GPU-…::0; for a claim, its driver,
     *     pool and device
     */
    public record HeldDevice(String namespace, String pod, String container, String resource, String deviceId) {}

    /** A device that the device plugin offers. */
    public record OfferedDevice(String resource, String deviceId) {}

    /** Whether it says anything. */
    public boolean answers() {
        return !node.failures().kubeletGone();
    }

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

    /**
     * All devices, held or free, as GetAllocatableResources has them, those of other plugins too; a GPU that the plugin
     * takes for broken stays out, and so does what is claimed.
     */
    public List<OfferedDevice> offeredDevices() {
        List<OfferedDevice> offered = new ArrayList<>();
        if (plugin() != Plugin.DRA) {
            offerGpus(offered);
        }
        for (Scenario.Pod pod : node.scenario().pods()) {
            if (!pod.resource().equals(CLAIMED)) {
                pod.deviceIds().forEach(id -> offered.add(new OfferedDevice(pod.resource(), id)));
            }
        }
        return List.copyOf(offered);
    }

    private void offerGpus(List<OfferedDevice> offered) {
        for (SimulatedGpu gpu : node.gpus()) {
            if (!node.failures().keptBack(gpu.index())) {
                if (gpu.mig().enabled()) {
                    gpu.migDevices().forEach(mig -> offer(gpu, Optional.of(mig), resource(gpu, mig), offered));
                } else {
                    offer(gpu, Optional.empty(), resource(gpu.index()), offered);
                }
            }
        }
    }

    private void offer(SimulatedGpu gpu, Optional<SimulatedMig> mig, String resource, List<OfferedDevice> offered) {
        int replicas = node.scenario().gpus().get(gpu.index()).replicas();
        for (int number = 0; number < replicas; number++) {
            OptionalInt replica = replicas == 1 ? OptionalInt.empty() : OptionalInt.of(number);
            offered.add(new OfferedDevice(resource, DeviceNames.id(plugin(), gpu, mig, replica)));
        }
    }

    private Plugin plugin() {
        return node.scenario().plugin();
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
        if (plugin() != Plugin.NVIDIA) {
            return GPU_RESOURCE;
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
        return DeviceNames.id(plugin(), gpu, SimulatedNode.migDevice(gpu.mig(), pod, device), device.replica());
    }
}
