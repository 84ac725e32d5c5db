package dev.gpuexporter.nvml;

/**
 * Whether the driver shows us every process. The open kernel modules list to a container only what runs in its own PID
 * namespace, which is nothing; the closed ones list all. So in a container an empty list is believed only once a list
 * that was not empty has been seen.
 */
final class ProcessVisibility {
    private volatile boolean seesAll;

    ProcessVisibility(Host host) {
        seesAll = host.showsEveryProcess();
    }

    /** Whether a list of so many processes is the whole of it. */
    boolean isWhole(int listed) {
        seesAll |= listed > 0;
        return seesAll;
    }
}
