package dev.gpuexporter.metrics;

import dev.gpuexporter.nvml.MigIdentity;
import java.util.List;

/**
 * The MIG device that a sample is said of.
 *
 * @param index NVML's on its GPU, as of this poll
 * @param profile such as {@code 1g.10gb}
 */
public record MigPart(int index, String uuid, String profile, int gpuInstance, int computeInstance) {
    public static MigPart of(MigIdentity device) {
        return new MigPart(
                device.index(), device.uuid(), device.profile(), device.gpuInstance(), device.computeInstance());
    }

    /** Those labels of {@link GpuMetric.Subject#MIG} that the GPU does not give. */
    public List<String> labels() {
        return List.of(uuid, profile, Integer.toString(gpuInstance), Integer.toString(computeInstance));
    }
}
