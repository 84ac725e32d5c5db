package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_NVLINK_LINK_COUNT;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_REMAPPED_FAILURE;
import static dev.gpuexporter.simulation.FieldIds.*;

import java.util.Set;

/** What a GPU no longer answers once it is in MIG mode: utilization of any kind, NVLink, remapped rows. */
final class PartedGpu {
    private static final Set<String> FUNCTIONS = Set.of(
            "nvmlDeviceGetUtilizationRates",
            "nvmlDeviceGetEncoderUtilization",
            "nvmlDeviceGetDecoderUtilization",
            "nvmlDeviceGetJpgUtilization",
            "nvmlDeviceGetOfaUtilization",
            "nvmlDeviceGetSamples",
            "nvmlDeviceGetProcessUtilization",
            "nvmlDeviceGetProcessesUtilizationInfo",
            "nvmlGpmSampleGet",
            "nvmlDeviceGetNvLinkState",
            "nvmlDeviceGetNvLinkVersion",
            "nvmlDeviceGetNvLinkErrorCounter",
            "nvmlDeviceGetNvLinkRemotePciInfo_v2",
            "nvmlDeviceGetNvLinkRemoteDeviceType",
            "nvmlDeviceGetRemappedRows");

    private PartedGpu() {}

    static boolean isSilentTo(String function) {
        return FUNCTIONS.contains(function);
    }

    /** Fields: NVLink's errors, count, traffic, states and, of the fifth generation, all it counts; remapped rows. */
    static boolean isSilentTo(int field) {
        return within(field, 32, 73)
                || field == NVML_FI_DEV_NVLINK_LINK_COUNT
                || within(field, 96, NVML_FI_DEV_REMAPPED_FAILURE)
                || within(field, 148, 166)
                || within(field, 201, 222)
                || within(field, 235, 250);
    }

    private static boolean within(int field, int first, int last) {
        return field >= first && field <= last;
    }
}
