package dev.gpuexporter.simulation;

/** Field ids of {@code nvml.h} that the driver answers though nobody here asks for them by name yet. */
final class FieldIds {
    static final int NVML_FI_DEV_ECC_CURRENT = 1;
    static final int NVML_FI_DEV_ECC_PENDING = 2;
    static final int NVML_FI_DEV_ECC_SBE_AGG_L1 = 18;
    static final int NVML_FI_DEV_ECC_DBE_AGG_CBU = 28;
    static final int NVML_FI_DEV_RETIRED_PENDING_SBE = 92;
    static final int NVML_FI_DEV_RETIRED_PENDING_DBE = 93;
    static final int NVML_FI_DEV_PCIE_COUNT_CORRECTABLE_ERRORS = 173;
    static final int NVML_FI_DEV_PCIE_COUNT_UNSUPPORTED_REQ = 181;
    static final int NVML_FI_DEV_PCIE_COUNT_LCRC_ERROR = 182;
    static final int NVML_FI_DEV_POWER_AVERAGE = 185;
    static final int NVML_FI_DEV_POWER_MIN_LIMIT = 187;
    static final int NVML_FI_DEV_POWER_MAX_LIMIT = 188;
    static final int NVML_FI_DEV_POWER_DEFAULT_LIMIT = 189;
    static final int NVML_FI_DEV_POWER_CURRENT_LIMIT = 190;
    static final int NVML_FI_DEV_POWER_REQUESTED_LIMIT = 192;
    static final int NVML_FI_DEV_NVLINK_COUNT_LINK_RECOVERY_EVENTS = 215;

    private FieldIds() {}
}
