package dev.gpuexporter.http;

import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;

/** How much anybody may ask of the server: enough for many Prometheuses, too little to fill memory or file descriptors. */
final class Limits {
    /** A node is scraped by a handful; one more than that, and the connection that was silent longest is closed. */
    static final int CONNECTIONS = 128;

    /** Scrapes that are being answered at once; one more is answered 503. A page is some hundred KiB, so these are few MiB. */
    static final int SCRAPES = 16;

    /** What {@code Retry-After} says to one more. */
    static final int RETRY_AFTER_SECONDS = 1;

    /** All headers of a request. Prometheus sends half a KiB, a browser or a token a few. */
    static final int HEADER_BYTES = 16 * 1024;

    static final int REQUEST_LINE_BYTES = 4 * 1024;

    /** From the connection to the first request's last header; whoever sends a byte now and then gets no further. */
    static final Duration TO_ASK = Duration.ofSeconds(10);

    /** From a request to the last byte of its answer; Prometheus gives up after ten seconds where nobody says else. */
    static final Duration TO_TAKE = Duration.ofSeconds(15);

    /** From an answer to the next request's last header: longer than most scrape intervals, so that connections are kept. */
    static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(120);

    private Limits() {}

    /** For a server that keeps to them; {@link Connections} does the rest. */
    static HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxHeaderSize(HEADER_BYTES)
                .setMaxInitialLineLength(REQUEST_LINE_BYTES)
                .setIdleTimeout((int) BETWEEN_REQUESTS.toSeconds())
                // Nobody scrapes so without TLS, and it is one more way in.
                .setHttp2ClearTextEnabled(false);
    }
}
