package dev.gpuexporter.kubernetes;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the GPU Operator's validator has found in order on this node: a file {@code <component>-ready} for each part of
 * the stack. The validator deletes its files as it stops, so a file's absence proves no fault.
 */
public final class StackComponents {
    /** Where the operator keeps the files, on the host. */
    public static final Path DIRECTORY = Path.of("/run/nvidia/validations");

    private static final List<String> COMPONENTS = List.of("driver", "toolkit", "plugin", "cuda");

    private final Path directory;

    public StackComponents(Path directory) {
        this.directory = directory;
    }

    /** Whether each component was found ready; nothing at all where the operator does not validate. */
    public SortedMap<String, Boolean> ready() {
        SortedMap<String, Boolean> ready = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            COMPONENTS.forEach(component -> ready.put(component, Files.exists(file(component))));
        }
        return Collections.unmodifiableSortedMap(ready);
    }

    private Path file(String component) {
        return directory.resolve(component + "-ready");
    }
}
