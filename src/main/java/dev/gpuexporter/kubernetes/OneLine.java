package dev.gpuexporter.kubernetes;

import java.util.regex.Pattern;

/** What somebody else wrote, as far as it has a place in a line of a log. */
final class OneLine {
    private static final int LONGEST = 120;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");

    private OneLine() {}

    static String of(String text) {
        return CONTROL.matcher(text.substring(0, Math.min(text.length(), LONGEST)))
                .replaceAll(" ")
                .strip();
    }
}
