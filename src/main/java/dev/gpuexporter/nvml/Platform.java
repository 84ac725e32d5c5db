package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_DEVICE_PART_NUMBER_BUFFER_SIZE;

import dev.gpuexporter.nvml.NvmlStructs.C2cModeInfo;
import dev.gpuexporter.nvml.NvmlStructs.PlatformInfo;
import java.util.Optional;
import java.util.OptionalDouble;

/** The board that a GPU is on, the rack that it is in, and how an operator has set it up. */
public final class Platform {
    private final NvmlLibrary nvml;
    private final DeviceCalls calls;

    Platform(NvmlLibrary nvml, DeviceCalls calls) {
        this.nvml = nvml;
        this.calls = calls;
    }

    /**
     * Where in a rack a GPU is; numbers that no other document explains are as the driver gives them.
     *
     * @param slot in the rack
     * @param tray of those that compute
     * @param host within the slot
     * @param peerType what its NVLinks lead to
     * @param module on the board, from 1
     */
    public record Place(String chassisSerial, int slot, int tray, int host, int peerType, int module) {}

    /** Empty where the board has none; {@code nvmlDeviceGetBoardPartNumber}. */
    public String boardPartNumber() throws NvmlException {
        return calls.ofItsMake()
                .text(
                        "nvmlDeviceGetBoardPartNumber",
                        NVML_DEVICE_PART_NUMBER_BUFFER_SIZE,
                        nvml::nvmlDeviceGetBoardPartNumber);
    }

    /** 1 where the driver stays loaded while nobody uses the GPU, 0 where not; {@code nvmlDeviceGetPersistenceMode}. */
    public OptionalDouble persistenceModeEnabled() throws NvmlException {
        return calls.u32("nvmlDeviceGetPersistenceMode", nvml::nvmlDeviceGetPersistenceMode);
    }

    /** An {@code nvmlComputeMode_t}; {@code nvmlDeviceGetComputeMode}. */
    public OptionalDouble computeMode() throws NvmlException {
        return calls.u32("nvmlDeviceGetComputeMode", nvml::nvmlDeviceGetComputeMode);
    }

    /** 1 where the link to the processor on the same module is used, 0 where not; {@code nvmlDeviceGetC2cModeInfoV}. */
    public OptionalDouble chipToChipEnabled() throws NvmlException {
        Optional<Long> enabled = calls.struct(
                "nvmlDeviceGetC2cModeInfoV",
                C2cModeInfo.LAYOUT,
                nvml::nvmlDeviceGetC2cModeInfoV,
                C2cModeInfo.IS_C2C_ENABLED::u32);
        return enabled.isPresent() ? OptionalDouble.of(enabled.get() == 0 ? 0 : 1) : OptionalDouble.empty();
    }

    /** {@code nvmlDeviceGetPlatformInfo}: GPUs that are built into racks, such as the GB200. */
    public Optional<Place> place() throws NvmlException {
        return calls.ofItsMake()
                .versioned(
                        "nvmlDeviceGetPlatformInfo",
                        PlatformInfo.LAYOUT,
                        2,
                        nvml::nvmlDeviceGetPlatformInfo,
                        out -> new Place(
                                PlatformInfo.CHASSIS_SERIAL_NUMBER.string(out),
                                PlatformInfo.SLOT_NUMBER.u8(out),
                                PlatformInfo.TRAY_INDEX.u8(out),
                                PlatformInfo.HOST_ID.u8(out),
                                PlatformInfo.PEER_TYPE.u8(out),
                                PlatformInfo.MODULE_ID.u8(out)));
    }
}
