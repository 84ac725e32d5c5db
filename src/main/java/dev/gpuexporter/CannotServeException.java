package dev.gpuexporter;

/** What was asked for is right and still cannot be done here; the message is one line. */
final class CannotServeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotServeException(String message) {
        super(message, null, false, false);
    }
}
