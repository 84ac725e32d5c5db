package dev.gpuexporter.kubernetes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** Where the driver is installed, as the validator wrote it down; empty where it did not. */
    public Optional<DriverRoot> driverRoot() {
        try {
            return DriverRoot.of(values(new String(Files.readAllBytes(file("driver")), StandardCharsets.UTF_8)));
        } catch (IOException notReady) {
            return Optional.empty();
        }
    }

    private Path file(String component) {
        return directory.resolve(component + "-ready");
    }

    /** Lines {@code KEY=VALUE}, as a shell would read them: the value may be quoted. */
    private static Map<String, String> values(String file) {
        Map<String, String> values = new HashMap<>();
        file.lines().map(String::strip).forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                values.put(line.substring(0, equals), unquoted(line.substring(equals + 1)));
            }
        });
        return values;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
