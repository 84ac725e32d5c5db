package dev.gpuexporter.nvml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the machine under the GPUs shows of itself, besides the driver.
 *
 * @param sysfs where the kernel tells which NUMA node a GPU is near
 * @param showsEveryProcess whether we may see all processes of the machine, and not only those of our own container
 */
public record Host(Path sysfs, boolean showsEveryProcess) {
    /** The first PID namespace has this inode in every Linux kernel (PROC_PID_INIT_INO); all others a greater one. */
    private static final String FIRST_NAMESPACE = "pid:[4026531836]";

    /** @param procfs the kernel's, as this process sees it */
    public static Host of(Path sysfs, Path procfs) {
        try {
            Path namespace = Files.readSymbolicLink(procfs.resolve("self/ns/pid"));
            return new Host(sysfs, namespace.toString().equals(FIRST_NAMESPACE));
        } catch (IOException e) { // no procfs here
            return new Host(sysfs, false);
        }
    }
}
