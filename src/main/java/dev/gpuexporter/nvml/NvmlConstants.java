package dev.gpuexporter.nvml;

/** Numbers of {@code nvml.h} that we use, under its names; a test compares each with NVIDIA's own Python package. */
public final class NvmlConstants {
    public static final int NVML_DEVICE_UUID_V2_BUFFER_SIZE = 96;
    public static final int NVML_DEVICE_NAME_V2_BUFFER_SIZE = 96;
    public static final int NVML_DEVICE_SERIAL_BUFFER_SIZE = 30;
    public static final int NVML_DEVICE_VBIOS_VERSION_BUFFER_SIZE = 32;
    public static final int NVML_DEVICE_INFOROM_VERSION_BUFFER_SIZE = 16;
    public static final int NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE = 80;
    public static final int NVML_SYSTEM_NVML_VERSION_BUFFER_SIZE = 80;

    public static final int NVML_TEMPERATURE_GPU = 0;
    public static final int NVML_TEMPERATURE_THRESHOLD_SHUTDOWN = 0;
    public static final int NVML_TEMPERATURE_THRESHOLD_SLOWDOWN = 1;
    public static final int NVML_TEMPERATURE_THRESHOLD_MEM_MAX = 2;
    public static final int NVML_TEMPERATURE_THRESHOLD_GPU_MAX = 3;

    public static final int NVML_CLOCK_GRAPHICS = 0;
    public static final int NVML_CLOCK_SM = 1;
    public static final int NVML_CLOCK_MEM = 2;
    public static final int NVML_CLOCK_VIDEO = 3;

    public static final int NVML_PERF_POLICY_POWER = 0;
    public static final int NVML_PERF_POLICY_THERMAL = 1;
    public static final int NVML_PERF_POLICY_SYNC_BOOST = 2;
    public static final int NVML_PERF_POLICY_BOARD_LIMIT = 3;
    public static final int NVML_PERF_POLICY_LOW_UTILIZATION = 4;
    public static final int NVML_PERF_POLICY_RELIABILITY = 5;
    public static final int NVML_PERF_POLICY_TOTAL_APP_CLOCKS = 10;
    public static final int NVML_PERF_POLICY_TOTAL_BASE_CLOCKS = 11;

    public static final int NVML_MEMORY_ERROR_TYPE_CORRECTED = 0;
    public static final int NVML_MEMORY_ERROR_TYPE_UNCORRECTED = 1;
    public static final int NVML_VOLATILE_ECC = 0;
    public static final int NVML_AGGREGATE_ECC = 1;
    public static final int NVML_MEMORY_LOCATION_L1_CACHE = 0;
    public static final int NVML_MEMORY_LOCATION_L2_CACHE = 1;
    public static final int NVML_MEMORY_LOCATION_DRAM = 2;
    public static final int NVML_MEMORY_LOCATION_REGISTER_FILE = 3;
    public static final int NVML_MEMORY_LOCATION_TEXTURE_MEMORY = 4;
    public static final int NVML_MEMORY_LOCATION_TEXTURE_SHM = 5;
    public static final int NVML_MEMORY_LOCATION_CBU = 6;
    public static final int NVML_MEMORY_LOCATION_SRAM = 7;

    public static final int NVML_PCIE_UTIL_TX_BYTES = 0;
    public static final int NVML_PCIE_UTIL_RX_BYTES = 1;

    public static final int NVML_NVLINK_STATE_INACTIVE = 0;
    public static final int NVML_NVLINK_STATE_ACTIVE = 1;
    public static final int NVML_NVLINK_STATE_SLEEP = 2;
    public static final int NVML_NVLINK_STATE_ACTIVE_TRAFFIC_DISABLED = 3;
    public static final int NVML_NVLINK_ERROR_DL_REPLAY = 0;
    public static final int NVML_NVLINK_ERROR_DL_RECOVERY = 1;
    public static final int NVML_NVLINK_ERROR_DL_CRC_FLIT = 2;
    public static final int NVML_NVLINK_ERROR_DL_CRC_DATA = 3;
    public static final int NVML_NVLINK_ERROR_DL_ECC_DATA = 4;
    public static final int NVML_NVLINK_DEVICE_TYPE_GPU = 0;
    public static final int NVML_NVLINK_DEVICE_TYPE_IBMNPU = 1;
    public static final int NVML_NVLINK_DEVICE_TYPE_SWITCH = 2;
    public static final int NVML_NVLINK_DEVICE_TYPE_UNKNOWN = 0xff;

    public static final int NVML_GPU_FABRIC_UUID_LEN = 16;
    public static final int NVML_GPU_FABRIC_STATE_NOT_SUPPORTED = 0;
    public static final int NVML_GPU_FABRIC_STATE_COMPLETED = 3;
    public static final int NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_DEGRADED_BW = 0;
    public static final int NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_ROUTE_RECOVERY = 2;
    public static final int NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_ROUTE_UNHEALTHY = 4;
    public static final int NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_ACCESS_TIMEOUT_RECOVERY = 6;
    public static final int NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_INCORRECT_CONFIGURATION = 8;
    public static final int NVML_GPU_FABRIC_HEALTH_MASK_WIDTH_INCORRECT_CONFIGURATION = 0xf;
    public static final int NVML_GPU_FABRIC_HEALTH_MASK_SHIFT_GFM_STATE = 14;
    public static final int NVML_GPU_FABRIC_HEALTH_SUMMARY_NOT_SUPPORTED = 0;

    public static final int NVML_VALUE_TYPE_DOUBLE = 0;
    public static final int NVML_VALUE_TYPE_UNSIGNED_INT = 1;
    public static final int NVML_VALUE_TYPE_UNSIGNED_LONG = 2;
    public static final int NVML_VALUE_TYPE_UNSIGNED_LONG_LONG = 3;
    public static final int NVML_VALUE_TYPE_SIGNED_LONG_LONG = 4;
    public static final int NVML_VALUE_TYPE_SIGNED_INT = 5;
    public static final int NVML_VALUE_TYPE_UNSIGNED_SHORT = 6;

    public static final int NVML_FI_DEV_ECC_SBE_VOL_L1 = 7;
    public static final int NVML_FI_DEV_ECC_DBE_VOL_L1 = 8;
    public static final int NVML_FI_DEV_ECC_SBE_VOL_L2 = 9;
    public static final int NVML_FI_DEV_ECC_DBE_VOL_L2 = 10;
    public static final int NVML_FI_DEV_ECC_SBE_VOL_DEV = 11;
    public static final int NVML_FI_DEV_ECC_DBE_VOL_DEV = 12;
    public static final int NVML_FI_DEV_ECC_SBE_VOL_REG = 13;
    public static final int NVML_FI_DEV_ECC_DBE_VOL_REG = 14;
    public static final int NVML_FI_DEV_ECC_SBE_VOL_TEX = 15;
    public static final int NVML_FI_DEV_ECC_DBE_VOL_TEX = 16;
    public static final int NVML_FI_DEV_ECC_DBE_VOL_CBU = 17;
    public static final int NVML_FI_DEV_PERF_POLICY_POWER = 74;
    public static final int NVML_FI_DEV_PERF_POLICY_THERMAL = 75;
    public static final int NVML_FI_DEV_PERF_POLICY_SYNC_BOOST = 76;
    public static final int NVML_FI_DEV_PERF_POLICY_BOARD_LIMIT = 77;
    public static final int NVML_FI_DEV_PERF_POLICY_LOW_UTILIZATION = 78;
    public static final int NVML_FI_DEV_PERF_POLICY_RELIABILITY = 79;
    public static final int NVML_FI_DEV_PERF_POLICY_TOTAL_APP_CLOCKS = 80;
    public static final int NVML_FI_DEV_PERF_POLICY_TOTAL_BASE_CLOCKS = 81;
    public static final int NVML_FI_DEV_MEMORY_TEMP = 82;
    public static final int NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION = 83;
    public static final int NVML_FI_DEV_NVLINK_LINK_COUNT = 91;
    public static final int NVML_FI_DEV_PCIE_REPLAY_COUNTER = 94;
    public static final int NVML_FI_DEV_PCIE_REPLAY_ROLLOVER_COUNTER = 95;
    public static final int NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX = 138;
    public static final int NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX = 139;
    public static final int NVML_FI_DEV_NVLINK_ERROR_DL_REPLAY = 161;
    public static final int NVML_FI_DEV_NVLINK_ERROR_DL_RECOVERY = 162;
    public static final int NVML_FI_DEV_NVLINK_ERROR_DL_CRC = 163;
    public static final int NVML_FI_DEV_NVLINK_GET_SPEED = 164;
    public static final int NVML_FI_DEV_NVLINK_GET_STATE = 165;
    public static final int NVML_FI_DEV_NVLINK_GET_VERSION = 166;
    public static final int NVML_FI_DEV_PCIE_L0_TO_RECOVERY_COUNTER = 169;
    public static final int NVML_FI_DEV_PCIE_COUNT_NAKS_RECEIVED = 174;
    public static final int NVML_FI_DEV_PCIE_COUNT_RECEIVER_ERROR = 175;
    public static final int NVML_FI_DEV_PCIE_COUNT_BAD_TLP = 176;
    public static final int NVML_FI_DEV_PCIE_COUNT_NAKS_SENT = 177;
    public static final int NVML_FI_DEV_PCIE_COUNT_BAD_DLLP = 178;
    public static final int NVML_FI_DEV_PCIE_COUNT_NON_FATAL_ERROR = 179;
    public static final int NVML_FI_DEV_PCIE_COUNT_FATAL_ERROR = 180;
    public static final int NVML_FI_DEV_PCIE_COUNT_LANE_ERROR = 183;
    public static final int NVML_FI_DEV_POWER_INSTANT = 186;
    public static final int NVML_FI_DEV_TEMPERATURE_SHUTDOWN_TLIMIT = 193;
    public static final int NVML_FI_DEV_TEMPERATURE_SLOWDOWN_TLIMIT = 194;
    public static final int NVML_FI_DEV_TEMPERATURE_MEM_MAX_TLIMIT = 195;
    public static final int NVML_FI_DEV_TEMPERATURE_GPU_MAX_TLIMIT = 196;
    public static final int NVML_FI_DEV_PCIE_COUNT_TX_BYTES = 197;
    public static final int NVML_FI_DEV_PCIE_COUNT_RX_BYTES = 198;
    public static final int NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES = 202;
    public static final int NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES = 204;
    public static final int NVML_FI_DEV_NVLINK_COUNT_MALFORMED_PACKET_ERRORS = 206;
    public static final int NVML_FI_DEV_NVLINK_COUNT_BUFFER_OVERRUN_ERRORS = 207;
    public static final int NVML_FI_DEV_NVLINK_COUNT_RCV_REMOTE_ERRORS = 209;
    public static final int NVML_FI_DEV_NVLINK_COUNT_RCV_GENERAL_ERRORS = 210;
    public static final int NVML_FI_DEV_NVLINK_COUNT_LOCAL_LINK_INTEGRITY_ERRORS = 211;
    public static final int NVML_FI_DEV_NVLINK_COUNT_XMIT_DISCARDS = 212;
    public static final int NVML_FI_DEV_NVLINK_COUNT_LINK_RECOVERY_SUCCESSFUL_EVENTS = 213;
    public static final int NVML_FI_DEV_NVLINK_COUNT_LINK_RECOVERY_FAILED_EVENTS = 214;
    public static final int NVML_FI_DEV_NVLINK_COUNT_EFFECTIVE_ERRORS = 219;
    public static final int NVML_FI_DEV_NVLINK_COUNT_SYMBOL_ERRORS = 221;
    public static final int NVML_FI_DEV_CLOCKS_EVENT_REASON_SW_THERM_SLOWDOWN = 269;
    public static final int NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_THERM_SLOWDOWN = 270;
    public static final int NVML_FI_DEV_CLOCKS_EVENT_REASON_HW_POWER_BRAKE_SLOWDOWN = 271;

    public static final int NVML_GPM_METRICS_GET_VERSION = 1;
    public static final int NVML_GPM_SUPPORT_VERSION = 1;
    public static final int NVML_GPM_METRIC_GRAPHICS_UTIL = 1;
    public static final int NVML_GPM_METRIC_SM_UTIL = 2;
    public static final int NVML_GPM_METRIC_SM_OCCUPANCY = 3;
    public static final int NVML_GPM_METRIC_INTEGER_UTIL = 4;
    public static final int NVML_GPM_METRIC_ANY_TENSOR_UTIL = 5;
    public static final int NVML_GPM_METRIC_DFMA_TENSOR_UTIL = 6;
    public static final int NVML_GPM_METRIC_HMMA_TENSOR_UTIL = 7;
    public static final int NVML_GPM_METRIC_DMMA_TENSOR_UTIL = 8;
    public static final int NVML_GPM_METRIC_IMMA_TENSOR_UTIL = 9;
    public static final int NVML_GPM_METRIC_DRAM_BW_UTIL = 10;
    public static final int NVML_GPM_METRIC_FP64_UTIL = 11;
    public static final int NVML_GPM_METRIC_FP32_UTIL = 12;
    public static final int NVML_GPM_METRIC_FP16_UTIL = 13;
    public static final int NVML_GPM_METRIC_PCIE_TX_PER_SEC = 20;
    public static final int NVML_GPM_METRIC_PCIE_RX_PER_SEC = 21;
    public static final int NVML_GPM_METRIC_NVLINK_TOTAL_RX_PER_SEC = 60;
    public static final int NVML_GPM_METRIC_NVLINK_TOTAL_TX_PER_SEC = 61;
    public static final int NVML_GPM_METRIC_MAX = 477;

    private NvmlConstants() {}
}
