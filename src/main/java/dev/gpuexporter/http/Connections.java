package dev.gpuexporter.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is connected, at what, and since when. Who takes too long is put out; where there are too many, whoever is at it
 * longest: hoarders must not keep Prometheus out. For the server's event loop alone.
 */
final class Connections {
    private static final Logger log = LoggerFactory.getLogger(Connections.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

    /** In the order in which they began what they are at. */
    private final Map<HttpConnection, Stage> open = new LinkedHashMap<>();

    private boolean crowded;
    private int putOutOfTheCrowd;

    /** @param answers that are on their way: one, or several over HTTP/2 */
    private record Stage(long sinceNanos, Duration limit, int answers) {
        boolean isOver(long now) {
            return now - sinceNanos > limit.toNanos();
        }
    }

    /** Puts out those who take too long, from now on. */
    void watch(Vertx vertx) {
        vertx.setPeriodic(LOOK_AGAIN.toMillis(), timer -> closeOverdue());
    }

    void opened(HttpConnection connection) {
        connection.closeHandler(closed -> forget(connection));
        begin(connection, Limits.TO_ASK, 0);
        if (open.size() > Limits.CONNECTIONS) {
            noteCrowd();
            putOut(open.keySet().iterator().next());
        }
    }

    /** A request has come, to its last header. */
    void asked(HttpConnection connection) {
        Stage before = open.get(connection);
        if (before != null && before.answers == 0) {
            begin(connection, Limits.BETWEEN_REQUESTS, 0);
        }
    }

    /** An answer is handed to the connection. */
    void answering(HttpConnection connection) {
        Stage before = open.get(connection);
        if (before == null) {
            return;
        }
        if (before.answers == 0) {
            begin(connection, Limits.TO_TAKE, 1);
        } else {
            open.put(connection, new Stage(before.sinceNanos, before.limit, before.answers + 1));
        }
    }

    /** An answer has been taken to the last byte, or never will be. */
    void answered(HttpConnection connection) {
        Stage before = open.get(connection);
        if (before == null) {
            return;
        }
        if (before.answers <= 1) {
            begin(connection, Limits.BETWEEN_REQUESTS, 0);
        } else {
            open.put(connection, new Stage(before.sinceNanos, before.limit, before.answers - 1));
        }
    }

    private void begin(HttpConnection connection, Duration limit, int answers) {
        open.remove(connection);
        open.put(connection, new Stage(System.nanoTime(), limit, answers));
    }

    private void closeOverdue() {
        long now = System.nanoTime();
        List<HttpConnection> overdue = new ArrayList<>();
        open.forEach((connection, stage) -> {
            if (stage.isOver(now)) {
                overdue.add(connection);
            }
        });
        overdue.forEach(this::putOut);
    }

    private void putOut(HttpConnection connection) {
        forget(connection);
        // HttpConnection.close() waits until all is written, which whoever reads nothing makes last for ever.
        ((HttpServerConnection) connection).channelHandlerContext().close();
    }

    private void forget(HttpConnection connection) {
        open.remove(connection);
        if (crowded && open.size() < Limits.CONNECTIONS / 2) {
            crowded = false;
            log.info("fewer than {} connections again; {} were closed", Limits.CONNECTIONS / 2, putOutOfTheCrowd);
            putOutOfTheCrowd = 0;
        }
    }

    private void noteCrowd() {
        putOutOfTheCrowd++;
        if (!crowded) {
            crowded = true;
            log.warn(
                    "more than {} connections; for each that is opened, the one that was silent longest is closed",
                    Limits.CONNECTIONS);
        }
    }
}
