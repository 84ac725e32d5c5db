package dev.gpuexporter.nvml;

/** A call of NVML that failed; without a stack trace, since the function says where. */
public final class NvmlException extends Exception {
    private final String function;
    private final NvmlReturn code;

    public NvmlException(String function, NvmlReturn code) {
        super(code + " from " + function, null, false, false);
        this.function = function;
        this.code = code;
    }

    /** The C function that failed, by its name in {@code nvml.h}. */
    public String function() {
        return function;
    }

    public NvmlReturn code() {
        return code;
    }

    public NvmlReturn.Kind kind() {
        return code.kind();
    }
}
