package dev.gpuexporter.kubernetes;

import java.util.Objects;
import java.util.Optional;

/**
 * What the name of a DRA device says: {@code gpu-<minor>}, or for a MIG device {@code
 * gpu-<minor>-mig-<profile>-<giProfileId>-<start>} and formerly {@code gpu-<minor>-mig-<giProfileId>-<start>-<size>}.
 *
 * @param minor the number of the GPU's device file
 * @param mig which part of the GPU it is; empty for the whole GPU
 */
public record DraPlacement(int minor, Optional<Part> mig) {
    public DraPlacement {
        Objects.requireNonNull(mig, "mig");
    }

    /**
     * A MIG device's place on its GPU.
     *
     * @param gpuInstanceProfile the profile id of nvmlGpuInstanceProfileInfo_t, not the instance's own id
     * @param start the first memory slice, as in nvmlGpuInstancePlacement_t
     */
    public record Part(int gpuInstanceProfile, int start) {}
}
