package dev.gpuexporter.kubernetes;

import dev.gpuexporter.kubernetes.podresources.v1.AllocatableResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.ClaimResource;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerDevices;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerResources;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the devices out of PodResources messages; pods without devices leave no trace. */
final class ListedDevices {
    private ListedDevices() {}

    static List<Allocation> of(ListPodResourcesResponse response) {
        List<Allocation> found = new ArrayList<>();
        response.getPodResourcesList().forEach(pod -> pod.getContainersList()
                .forEach(container ->
                        add(new Workload(pod.getNamespace(), pod.getName(), container.getName()), container, found)));
        return found;
    }

    private static void add(Workload workload, ContainerResources container, List<Allocation> found) {
        for (ContainerDevices devices : container.getDevicesList()) {
            add(workload, devices.getResourceName(), devices.getDeviceIdsList(), found);
        }
        container.getDynamicResourcesList().forEach(claim -> claim.getClaimResourcesList()
                .forEach(device -> found.add(new Allocation(workload, device.getDriverName(), claimed(device)))));
    }

    private static DeviceId claimed(ClaimResource device) {
        return new DeviceId.Claimed(
                device.getDriverName(),
                device.getPoolName(),
                device.getDeviceName(),
                device.hasShareId() ? Optional.of(device.getShareId()) : Optional.empty());
    }

    /** The same messages with fewer fields, under other Java names. */
    static List<Allocation> of(dev.gpuexporter.kubernetes.podresources.v1alpha1.ListPodResourcesResponse response) {
        List<Allocation> found = new ArrayList<>();
        response.getPodResourcesList().forEach(pod -> pod.getContainersList().forEach(container -> {
            Workload workload = new Workload(pod.getNamespace(), pod.getName(), container.getName());
            container
                    .getDevicesList()
                    .forEach(devices -> add(workload, devices.getResourceName(), devices.getDeviceIdsList(), found));
        }));
        return found;
    }

    private static void add(Workload workload, String resource, List<String> ids, List<Allocation> found) {
        ids.forEach(id -> found.add(new Allocation(workload, resource, DeviceId.parse(id))));
    }

    static Map<String, Set<DeviceId>> of(AllocatableResourcesResponse response) {
        Map<String, Set<DeviceId>> found = new HashMap<>();
        for (ContainerDevices devices : response.getDevicesList()) {
            Set<DeviceId> ids = found.computeIfAbsent(devices.getResourceName(), resource -> new HashSet<>());
            devices.getDeviceIdsList().forEach(id -> ids.add(DeviceId.parse(id)));
        }
        return found;
    }
}
