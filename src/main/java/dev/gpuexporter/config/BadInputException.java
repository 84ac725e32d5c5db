package dev.gpuexporter.config;

/**
 * Something a person wrote that cannot be meant: the message is one line that says what is wrong, where, and what would
 * be right.
 */
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadInputException(String message) {
        super(message, null, false, false);
    }
}
