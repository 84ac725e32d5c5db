package dev.gpuexporter.exposition.dcgm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine, or this container, calls itself. */
public final class HostName {
    private static final Path KERNELS = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** Empty where the kernel does not say: asking a name server could take its time. */
    public static String own() {
        try {
            return Files.readString(KERNELS).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
