package dev.gpuexporter.kubernetes;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;

/** Says in one line why a call failed. */
final class KubeletFailure {
    private KubeletFailure() {}

    static KubeletException of(Path socket, StatusRuntimeException failed) {
        Status status = failed.getStatus();
        if (status.getCause() instanceof StatusRuntimeException beneath) {
            // Bytes that are no message: gRPC cancels the call itself, and keeps what it found beneath.
            status = beneath.getStatus();
        }
        String code = status.getCode().name();
        String reason = reason(status);
        return new KubeletException(
                code, "no answer from " + socket + " (" + code + (reason.isEmpty() ? "" : ": " + reason) + ")");
    }

    private static String reason(Status status) {
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
            return "";
        }
        Throwable cause = status.getCause();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String text = cause == null || cause.getMessage() == null ? status.getDescription() : cause.getMessage();
        return text == null ? "" : OneLine.of(text);
    }
}
