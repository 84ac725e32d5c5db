package dev.gpuexporter.nvml;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds {@code libnvidia-ml.so.1}: where the configuration says, where the dynamic loader looks, and where the GPU
 * Operator, the container toolkit and GKE put the driver.
 */
public final class NvmlLoader {
    /** The unversioned name exists in development packages alone. */
    static final String LIBRARY = "libnvidia-ml.so.1";

    private static final List<String> DRIVER_ROOTS = List.of(
            "/run/nvidia/driver/usr/lib64",
            "/run/nvidia/driver/usr/lib/x86_64-linux-gnu",
            "/run/nvidia/driver/usr/lib/aarch64-linux-gnu",
            "/usr/local/nvidia/lib64",
            "/home/kubernetes/bin/nvidia/lib64");

    private final List<String> candidates;

    /**
     * @param configured the library's file, or the directory it is in, looked at before all else
     */
    public NvmlLoader(Optional<Path> configured) {
        this(configured, DRIVER_ROOTS);
    }

    NvmlLoader(Optional<Path> configured, List<String> driverRoots) {
        candidates = Stream.of(
                        configured.map(NvmlLoader::inDirectory).stream(),
                        Stream.of(LIBRARY),
                        driverRoots.stream().map(root -> root + "/" + LIBRARY))
                .flatMap(stream -> stream)
                .toList();
    }

    /**
     * Loads the first candidate that can be.
     *
     * @throws NvmlNotFoundException naming each place and what was wrong with it
     */
    public NvmlLibrary load() throws NvmlNotFoundException {
        List<String> failures = new ArrayList<>();
        for (String candidate : candidates) {
            boolean isPath = candidate.indexOf('/') >= 0;
            if (isPath && !Files.exists(Path.of(candidate))) {
                failures.add("no " + candidate);
                continue;
            }
            try {
                return NvmlFunctions.of(candidate);
            } catch (UnsatisfiedLinkError e) {
                failures.add(isPath ? candidate + ": " + firstLine(e) : "no " + candidate + " on the loader's path");
            }
        }
        throw new NvmlNotFoundException(failures);
    }

    /** Absolute: the loader takes a name without a slash for one on its own path. */
    private static String inDirectory(Path configured) {
        return (Files.isDirectory(configured) ? configured.resolve(LIBRARY) : configured)
                .toAbsolutePath()
                .toString();
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
