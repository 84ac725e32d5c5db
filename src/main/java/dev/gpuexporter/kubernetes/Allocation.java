package dev.gpuexporter.kubernetes;

import java.util.Objects;

/**
 * One device in the hands of one container.
 *
 * @param workload who holds it
 * @param resource the device plugin's resource name such as {@code nvidia.com/gpu}, or for a DRA claim its driver's name
 * @param device what is held
 */
public record Allocation(Workload workload, String resource, DeviceId device) implements Comparable<Allocation> {
    public Allocation {
        Objects.requireNonNull(workload, "workload");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(device, "device");
    }

    /** What is held and by whom, in one line, whatever a plugin calls its devices. */
    public String inWords() {
        return OneLine.of(resource) + " " + OneLine.of(device.raw()) + ", held by " + OneLine.of(workload.namespace())
                + "/" + OneLine.of(workload.pod());
    }

    @Override
    public int compareTo(Allocation other) {
        int order = workload.compareTo(other.workload);
        if (order == 0) {
            order = resource.compareTo(other.resource);
        }
        return order == 0 ? device.raw().compareTo(other.device.raw()) : order;
    }

    // By hand: what the compiler makes for a record is put together anew at each start, and slow.

    @Override
    public boolean equals(Object other) {
        return other instanceof Allocation allocation
                && device.equals(allocation.device)
                && workload.equals(allocation.workload)
                && resource.equals(allocation.resource);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * workload.hashCode() + resource.hashCode()) + device.hashCode();
    }
}
