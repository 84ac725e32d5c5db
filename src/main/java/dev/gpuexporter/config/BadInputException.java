package dev.gpuexporter.config;

import java.util.regex.Pattern;

/**
 * Something a person wrote that cannot be meant: the message is one line that says what is wrong, where, and what would
 * be right.
 */
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What is quoted may hold line ends, and codes that a terminal obeys. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009F\\u2028\\u2029]+");

    public BadInputException(String message) {
        super(UNPRINTABLE.matcher(message).replaceAll(" "), null, false, false);
    }
}
