package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_GPU_FABRIC_STATE_COMPLETED;

/**
 * What the driver says of a GPU in a fabric.
 *
 * @param state 1 not started, 2 in progress, 3 completed
 * @param status the code that the registration ended with, once it is completed
 * @param clusterUuid empty where the fabric ends with the node
 * @param healthMask fields of bits, {@code NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_…}; 0 from drivers that do not say
 * @param healthSummary one of {@code NVML_GPU_FABRIC_HEALTH_SUMMARY_…}; 0 from drivers that do not say
 */
public record FabricInfo(int state, int status, long cliqueId, String clusterUuid, int healthMask, int healthSummary) {
    public boolean isCompleted() {
        return state == NVML_GPU_FABRIC_STATE_COMPLETED;
    }

    /** The bits from {@code shift} on, as many as {@code mask} has. */
    public int health(int shift, int mask) {
        return healthMask >>> shift & mask;
    }
}
