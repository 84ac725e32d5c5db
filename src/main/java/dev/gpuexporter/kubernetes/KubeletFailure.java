package dev.gpuexporter.kubernetes;

import io.vertx.core.http.StreamResetException;
import java.nio.file.Path;

/** A call that was not answered, before it is said whose it was. */
final class KubeletFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final GrpcStatus status;

    KubeletFailure(GrpcStatus status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    /** What broke beneath the call: its stream, the connection, or already the connecting. */
    static KubeletFailure beneath(Throwable failed) {
        if (failed instanceof KubeletFailure known) {
            return known;
        }
        if (failed instanceof StreamResetException reset) {
            return new KubeletFailure(
                    GrpcStatus.ofReset(reset.getCode()), "the stream was reset with code " + reset.getCode());
        }
        Throwable cause = failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return new KubeletFailure(
                GrpcStatus.UNAVAILABLE, cause.getMessage() == null ? cause.toString() : cause.getMessage());
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
