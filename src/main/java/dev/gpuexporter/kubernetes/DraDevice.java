package dev.gpuexporter.kubernetes;

import java.util.Objects;
import java.util.Optional;

/**
 * What its ResourceSlice says a device is, in the attributes that NVIDIA's DRA driver gives it.
 *
 * @param uuid {@code uuid}: the GPU's or the MIG device's, prefix included
 * @param parentUuid {@code parentUUID}: the GPU's that a MIG device is a part of
 */
public record DraDevice(String uuid, Optional<String> parentUuid) {
    public DraDevice {
        Objects.requireNonNull(uuid, "uuid");
        Objects.requireNonNull(parentUuid, "parentUuid");
    }

    /** The GPU that it is, or is a part of. */
    public String gpuUuid() {
        return parentUuid.orElse(uuid);
    }
}
