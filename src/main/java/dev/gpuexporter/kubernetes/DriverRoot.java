package dev.gpuexporter.kubernetes;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the driver's files lie: {@code /} where the host has them, {@code /run/nvidia/driver} where the operator's driver
 * container does. A hint where to look for NVML.
 *
 * @param onHost NVIDIA_DRIVER_ROOT
 * @param inContainer DRIVER_ROOT_CTR_PATH: the same, as the operator's own containers mount it
 */
public record DriverRoot(Path onHost, Path inContainer) {
    public DriverRoot {
        Objects.requireNonNull(onHost, "onHost");
        Objects.requireNonNull(inContainer, "inContainer");
    }

    static Optional<DriverRoot> of(Map<String, String> values) {
        Optional<Path> onHost = absolute(values.get("NVIDIA_DRIVER_ROOT"));
        Optional<Path> inContainer = absolute(values.get("DRIVER_ROOT_CTR_PATH"));
        return onHost.or(() -> inContainer).map(root -> new DriverRoot(onHost.orElse(root), inContainer.orElse(root)));
    }

    private static Optional<Path> absolute(String text) {
        try {
            return Optional.ofNullable(text).map(Path::of).filter(Path::isAbsolute);
        } catch (InvalidPathException noPath) {
            return Optional.empty();
        }
    }
}
