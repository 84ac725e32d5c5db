package dev.gpuexporter.kubernetes;

import java.util.Comparator;
import java.util.Objects;

/**
 * One device in the hands of one container.
 *
 * @param workload who holds it
 * @param resource the device plugin's resource name such as {@code nvidia.com/gpu}, or for a DRA claim its driver's name
 * @param device what is held
 */
public record Allocation(Workload workload, String resource, DeviceId device) implements Comparable<Allocation> {
    private static final Comparator<Allocation> ORDER = Comparator.comparing(Allocation::workload)
            .thenComparing(Allocation::resource)
            .thenComparing(allocation -> allocation.device().raw());

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
        return ORDER.compare(this, other);
    }
}
