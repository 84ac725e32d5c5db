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

    // By hand: what the compiler makes for a record is put together anew at each start, and slow.

    @Override
    public boolean equals(Object other) {
        return other instanceof MigPart part
                && index == part.index
                && gpuInstance == part.gpuInstance
                && computeInstance == part.computeInstance
                && uuid.equals(part.uuid)
                && profile.equals(part.profile);
    }

    @Override
    public int hashCode() {
        return uuid.hashCode();
    }

    /** Those labels of {@link GpuMetric.Subject#MIG} that the GPU does not give. */
    public List<String> labels() {
        return List.of(uuid, profile, Integer.toString(gpuInstance), Integer.toString(computeInstance));
    }
}
