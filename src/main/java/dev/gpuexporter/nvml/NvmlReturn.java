package dev.gpuexporter.nvml;

import java.util.HashMap;
import java.util.Map;

/** The codes of {@code nvmlReturn_t}, each with what it means for the one who asked. */
public enum NvmlReturn {
    SUCCESS(0, Kind.SUCCESS),
    UNINITIALIZED(1, Kind.DRIVER_GONE),
    INVALID_ARGUMENT(2, Kind.INVALID_ARGUMENT),
    NOT_SUPPORTED(3, Kind.UNSUPPORTED),
    NO_PERMISSION(4, Kind.DENIED),
    ALREADY_INITIALIZED(5, Kind.TRANSIENT),
    NOT_FOUND(6, Kind.NO_DATA),
    INSUFFICIENT_SIZE(7, Kind.TRANSIENT),
    INSUFFICIENT_POWER(8, Kind.GPU_LOST),
    DRIVER_NOT_LOADED(9, Kind.DRIVER_GONE),
    TIMEOUT(10, Kind.TRANSIENT),
    IRQ_ISSUE(11, Kind.GPU_LOST),
    LIBRARY_NOT_FOUND(12, Kind.DRIVER_GONE),
    FUNCTION_NOT_FOUND(13, Kind.UNSUPPORTED),
    CORRUPTED_INFOROM(14, Kind.TRANSIENT),
    GPU_IS_LOST(15, Kind.GPU_LOST),
    RESET_REQUIRED(16, Kind.GPU_LOST),
    OPERATING_SYSTEM(17, Kind.DENIED),
    LIB_RM_VERSION_MISMATCH(18, Kind.VERSION_MISMATCH),
    IN_USE(19, Kind.TRANSIENT),
    MEMORY(20, Kind.TRANSIENT),
    NO_DATA(21, Kind.NO_DATA),
    VGPU_ECC_NOT_SUPPORTED(22, Kind.UNSUPPORTED),
    INSUFFICIENT_RESOURCES(23, Kind.TRANSIENT),
    FREQ_NOT_SUPPORTED(24, Kind.UNSUPPORTED),
    ARGUMENT_VERSION_MISMATCH(25, Kind.UNSUPPORTED),
    DEPRECATED(26, Kind.UNSUPPORTED),
    NOT_READY(27, Kind.NO_DATA),
    GPU_NOT_FOUND(28, Kind.GPU_LOST),
    INVALID_STATE(29, Kind.TRANSIENT),
    RESET_TYPE_NOT_SUPPORTED(30, Kind.UNSUPPORTED),
    UNKNOWN(999, Kind.TRANSIENT);

    /** What a code asks of us. */
    public enum Kind {
        SUCCESS,
        /** This device never answers this call: leave it out, and do not ask again for a while. */
        UNSUPPORTED,
        /** The call would answer somebody with more rights: leave it out, and say so once. */
        DENIED,
        /** The device has nothing to say at the moment: leave it out. */
        NO_DATA,
        /** The call failed this time: leave it out, count it, ask again. */
        TRANSIENT,
        /** An enum the driver does not know, or a handle that went stale. */
        INVALID_ARGUMENT,
        /** The GPU answers nothing any more; the others do. */
        GPU_LOST,
        /** No GPU answers: let go of NVML and initialize it again later. */
        DRIVER_GONE,
        /** The library in this process is not the kernel module's any more. */
        VERSION_MISMATCH
    }

    private static final Map<Integer, NvmlReturn> BY_CODE = new HashMap<>();

    static {
        for (NvmlReturn value : values()) {
            BY_CODE.put(value.code, value);
        }
    }

    private final int code;
    private final Kind kind;

    NvmlReturn(int code, Kind kind) {
        this.code = code;
        this.kind = kind;
    }

    /** The code's name without NVML_ERROR_; codes of newer drivers read as {@link #UNKNOWN}. */
    public static NvmlReturn of(int code) {
        return BY_CODE.getOrDefault(code, UNKNOWN);
    }

    public int code() {
        return code;
    }

    public Kind kind() {
        return kind;
    }
}
