package dev.gpuexporter.kubernetes;

import java.nio.file.Path;

/** A call that was not answered, before it is said whose it was. */
final class KubeletFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final GrpcStatus status;

    KubeletFailure(GrpcStatus status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    GrpcStatus status() {
        return status;
    }

    /** The same in one line. */
    KubeletException at(Path socket) {
        String reason = OneLine.of(getMessage());
        return new KubeletException(
                status.name(),
                "no answer from " + socket + " (" + status + (reason.isEmpty() ? "" : ": " + reason) + ")");
    }
}
