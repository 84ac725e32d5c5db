package dev.gpuexporter.http;

import java.util.Locale;

/** What becomes of a request, by who sent it. */
public enum Verdict {
    ADMITTED(200, ""),
    /** It has no credentials, or none of a kind that is asked for. */
    MISSING(401, "credentials are needed"),
    /** There is no such user, password or token. */
    WRONG(401, "these credentials are wrong"),
    /** The cluster knows who it is, and does not let them. */
    FORBIDDEN(403, "you may not get the non-resource URL /metrics of this cluster"),
    /** Too many others are waiting to have theirs looked at. */
    BUSY(503, "too many credentials to look at; try again"),
    /** Who could say does not answer. */
    UNAVAILABLE(503, "the API server does not say who you are; try again");

    private final int status;
    private final String text;

    Verdict(int status, String text) {
        this.status = status;
        this.text = text;
    }

    int status() {
        return status;
    }

    String text() {
        return text;
    }

    /** As the label of the counter has it. */
    String reason() {
        return name().toLowerCase(Locale.ROOT);
    }
}
