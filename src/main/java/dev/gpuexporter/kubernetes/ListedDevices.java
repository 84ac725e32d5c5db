package dev.gpuexporter.kubernetes;

import dev.gpuexporter.kubernetes.podresources.v1.ClaimResource;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerDevices;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerResources;
import dev.gpuexporter.kubernetes.podresources.v1.PodResources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the devices out of PodResources messages; pods without devices leave no trace. */
final class ListedDevices {
    /**
     * Eight GPUs of seven MIG devices of a thousand replicas each are fewer. A broken device plugin is not to take the
     * exporter's memory.
     */
    private static final int MOST = 100_000;

    /** The answer to {@code v1.PodResourcesLister/List}. */
    static final PieceByPiece<PodResources, ListedDevices> V1 =
            new PieceByPiece<>(PodResources.parser(), ListedDevices::new, (pod, found) -> found.add(pod));

    /** The answer to {@code v1alpha1.PodResourcesLister/List}: the same with fewer fields, under other Java names. */
    static final PieceByPiece<dev.gpuexporter.kubernetes.podresources.v1alpha1.PodResources, ListedDevices> V1ALPHA1 =
            new PieceByPiece<>(
                    dev.gpuexporter.kubernetes.podresources.v1alpha1.PodResources.parser(),
                    ListedDevices::new,
                    (pod, found) -> found.add(pod));

    /** The answer to {@code v1.PodResourcesLister/GetAllocatableResources}. */
    static final PieceByPiece<ContainerDevices, Stock> ALLOCATABLE =
            new PieceByPiece<>(ContainerDevices.parser(), Stock::new, (devices, stock) -> stock.add(devices));

    private final List<Allocation> allocations = new ArrayList<>();

    /** Each device that is listed, once for each time that it is. */
    List<Allocation> allocations() {
        return allocations;
    }

    private void add(PodResources pod) {
        pod.getContainersList()
                .forEach(container ->
                        add(new Workload(pod.getNamespace(), pod.getName(), container.getName()), container));
    }

    private void add(Workload workload, ContainerResources container) {
        for (ContainerDevices devices : container.getDevicesList()) {
            add(workload, devices.getResourceName(), devices.getDeviceIdsList());
        }
        container.getDynamicResourcesList().forEach(claim -> claim.getClaimResourcesList()
                .forEach(device -> add(new Allocation(workload, device.getDriverName(), claimed(device)))));
    }

    private static DeviceId claimed(ClaimResource device) {
        return new DeviceId.Claimed(
                device.getDriverName(),
                device.getPoolName(),
                device.getDeviceName(),
                device.hasShareId() ? Optional.of(device.getShareId()) : Optional.empty());
    }

    private void add(dev.gpuexporter.kubernetes.podresources.v1alpha1.PodResources pod) {
        pod.getContainersList().forEach(container -> {
            Workload workload = new Workload(pod.getNamespace(), pod.getName(), container.getName());
            container
                    .getDevicesList()
                    .forEach(devices -> add(workload, devices.getResourceName(), devices.getDeviceIdsList()));
        });
    }

    private void add(Workload workload, String resource, List<String> ids) {
        for (String id : ids) {
            add(new Allocation(workload, resource, DeviceId.parse(id)));
        }
    }

    private void add(Allocation allocation) {
        refuseBeyond(allocations.size());
        allocations.add(allocation);
    }

    /** What a node has to hand out, by resource. */
    static final class Stock {
        private final Map<String, Set<DeviceId>> byResource = new HashMap<>();
        private int devices;

        Map<String, Set<DeviceId>> byResource() {
            return byResource;
        }

        private void add(ContainerDevices listed) {
            Set<DeviceId> ids = byResource.computeIfAbsent(listed.getResourceName(), resource -> new HashSet<>());
            for (String id : listed.getDeviceIdsList()) {
                refuseBeyond(devices++);
                ids.add(DeviceId.parse(id));
            }
        }
    }

    private static void refuseBeyond(int devices) {
        if (devices >= MOST) {
            throw new KubeletFailure(GrpcStatus.RESOURCE_EXHAUSTED, "more than " + MOST + " devices are listed");
        }
    }
}
