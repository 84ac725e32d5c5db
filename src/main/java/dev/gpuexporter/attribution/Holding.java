package dev.gpuexporter.attribution;

import dev.gpuexporter.kubernetes.Workload;

/**
 * A container and a device it holds.
 *
 * @param device the UUID of the GPU or MIG device
 */
record Holding(String device, Workload workload) {

    // By hand: what the compiler makes for a record is put together anew at each start, and slow.

    @Override
    public boolean equals(Object other) {
        return other instanceof Holding holding && device.equals(holding.device) && workload.equals(holding.workload);
    }

    @Override
    public int hashCode() {
        return 31 * device.hashCode() + workload.hashCode();
    }
}
