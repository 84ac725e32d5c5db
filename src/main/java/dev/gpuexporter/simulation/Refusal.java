package dev.gpuexporter.simulation;

import dev.gpuexporter.nvml.NvmlReturn;

/** The driver answers a call, or one value of it, with a code other than SUCCESS. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final NvmlReturn code;

    Refusal(NvmlReturn code) {
        super(code.name(), null, false, false);
        this.code = code;
    }

    static Refusal notSupported() {
        return new Refusal(NvmlReturn.NOT_SUPPORTED);
    }

    static Refusal invalidArgument() {
        return new Refusal(NvmlReturn.INVALID_ARGUMENT);
    }

    NvmlReturn code() {
        return code;
    }
}
