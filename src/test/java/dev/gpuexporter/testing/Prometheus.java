package dev.gpuexporter.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A Prometheus of the test's own, which scrapes every second. */
public final class Prometheus implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final String url;

    private Prometheus(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts it, and waits until it serves.
     *
     * @param directory empty, for its files
     * @param jobs the address that each of them scrapes, by the job's name
     */
    public static Prometheus scraping(Path directory, Map<String, String> jobs) throws IOException {
        return configured(directory, configuration(jobs));
    }

    /** The same for one job that takes more: lines as they stand in a scrape_config, with TLS and credentials. */
    public static Prometheus scraping(Path directory, String job, String address, String more) throws IOException {
        return configured(directory, configuration(Map.of(job, address)) + more.indent(4));
    }

    private static Prometheus configured(Path directory, String configuration) throws IOException {
        Path program = Tool.PROMETHEUS.require();
        Path config = Files.writeString(directory.resolve("prometheus.yml"), configuration);
        String address = "127.0.0.1:" + freePort();
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=" + address,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Prometheus prometheus = new Prometheus(process, "http://" + address);
        Eventually.holds("Prometheus serves", prometheus::isReady);
        return prometheus;
    }

    private static String configuration(Map<String, String> jobs) {
        return jobs.entrySet().stream()
                .map(job -> """
                          - job_name: %s
                            static_configs: [{targets: ["%s"]}]
                        """.formatted(job.getKey(), job.getValue()))
                .collect(Collectors.joining("", """
                        global:
                          scrape_interval: 1s
                          scrape_timeout: 1s
                        scrape_configs:
                        """, ""));
    }

    /** Somebody else may take it before Prometheus does; then the test fails and says so. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean isReady() {
        if (!process.isAlive()) {
            throw new AssertionError("Prometheus ended with " + process.exitValue());
        }
        try {
            return get("/-/ready").statusCode() == 200;
        } catch (UncheckedIOException e) { // it does not listen yet
            return false;
        }
    }

    /** The result of an expression now: a vector's samples, or the scalar. */
    public JsonArray query(String expression) {
        HttpResponse<String> response =
                get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        JsonObject answer = new JsonObject(response.body());
        if (!answer.getString("status").equals("success")) {
            throw new AssertionError(expression + ": " + answer.getString("error"));
        }
        return answer.getJsonObject("data").getJsonArray("result");
    }

    /** Type, help and unit of a family as a job's target declares it; empty where it declares none by this name. */
    public JsonArray metadata(String job, String family) {
        String match = URLEncoder.encode("{job=\"" + job + "\"}", StandardCharsets.UTF_8);
        JsonObject answer = new JsonObject(get("/api/v1/targets/metadata?match_target=" + match + "&metric=" + family)
                .body());
        return answer.getString("status").equals("success") ? answer.getJsonArray("data") : new JsonArray();
    }

    private HttpResponse<String> get(String path) {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create(url + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
