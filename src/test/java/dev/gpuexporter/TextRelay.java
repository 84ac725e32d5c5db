package dev.gpuexporter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands between Prometheus and the exporter and keeps what Prometheus accepts to itself, so that text is served. */
final class TextRelay implements AutoCloseable {
    private final RunningExporter exporter;
    private final HttpServer server;
    private final Queue<String> accepted = new ConcurrentLinkedQueue<>();

    TextRelay(RunningExporter exporter) throws IOException {
        this.exporter = exporter;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", this::relay);
        server.start();
    }

    private void relay(HttpExchange exchange) throws IOException {
        try (exchange) {
            accepted.add(exchange.getRequestHeaders().getFirst("Accept"));
            HttpResponse<byte[]> response = exporter.get("/metrics");
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            response.headers().firstValue("Content-Type").orElseThrow());
            exchange.sendResponseHeaders(response.statusCode(), response.body().length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(response.body());
            }
        }
    }

    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /** The Accept headers that came. */
    Queue<String> accepted() {
        return accepted;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
