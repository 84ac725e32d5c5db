package dev.gpuexporter.kubernetes;

import java.util.Objects;

/** A question that the kubelet did not answer; without a stack trace, since the message says which socket and why. */
public final class KubeletException extends Exception {
    private static final String RATE_LIMITED = "RESOURCE_EXHAUSTED";

    private final String code;

    /**
     * @param code the name of the gRPC status, such as {@code UNAVAILABLE}
     * @param message what failed and where, to be read after "kubelet: "
     */
    public KubeletException(String code, String message) {
        super(message, null, false, false);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** Of an answer that we cannot use: a defect of ours, or one too large for the heap. */
    public static KubeletException unusable(Throwable failure) {
        return new KubeletException("UNKNOWN", "the answer cannot be used (" + failure + ")");
    }

    /** The name of the gRPC status, such as {@code UNAVAILABLE} or {@code DEADLINE_EXCEEDED}. */
    public String code() {
        return code;
    }

    /** Whether the kubelet is there and only refuses to answer now: it answers a hundred calls a second, ten at once. */
    public boolean kubeletIsUp() {
        return code.equals(RATE_LIMITED);
    }
}
