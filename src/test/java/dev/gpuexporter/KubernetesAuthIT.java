package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.kubernetes.ReviewingApiServer;
import dev.gpuexporter.testing.Certificates;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.ExporterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shipped jar asks an API server who may scrape it: by TLS on both sides, told where it is as in a pod, and with all
 * that can be logged in the log.
 */
@Timeout(90)
class KubernetesAuthIT {
    private static final String ITS_OWN = "token-of-the-exporter";
    private static final String PROMETHEUS = "token-of-prometheus";
    private static final String SOMEBODY = "token-of-somebody";
    private static final String STRANGER = "token-of-a-stranger";
    private static final List<String> ALL_TOKENS = List.of(ITS_OWN, PROMETHEUS, SOMEBODY, STRANGER);

    @TempDir
    private Path directory;

    private HttpClient http;
    private ExporterProcess exporter;

    @Test
    void letsInWhoseTokenMayGetMetricsAndNobodyElse() throws Exception {
        try (ReviewingApiServer cluster = cluster();
                ExporterProcess started = start(cluster)) {
            assertThat(metrics("").statusCode()).isEqualTo(401);
            assertThat(metrics("").headers().allValues("WWW-Authenticate"))
                    .containsExactly("Bearer realm=\"gpu-exporter\"");
            assertThat(metrics("Basic dXNlcjpwYXNzd29yZA==").statusCode()).isEqualTo(401);
            assertThat(cluster.tokenReviews()).as("none of these has a token").isZero();

            assertThat(metrics(bearer(STRANGER)).statusCode()).isEqualTo(401);
            assertThat(metrics(bearer(SOMEBODY)).statusCode()).isEqualTo(403);
            assertThat(metrics(bearer(SOMEBODY)).body())
                    .isEqualTo("you may not get the non-resource URL /metrics of this cluster\n");
            assertThat(get("/", bearer(SOMEBODY)).statusCode())
                    .as("the status page")
                    .isEqualTo(403);
            Scrape page = Scrape.of(metrics(bearer(PROMETHEUS)).body());
            assertThat(page.all("gpu_up")).hasSize(1);
            assertThat(failures(page, "missing")).isEqualTo(3);
            assertThat(failures(page, "wrong")).isEqualTo(1);
            assertThat(failures(page, "forbidden")).isEqualTo(3);

            for (String probe : new String[] {"/-/healthy", "/-/ready", "/health"}) {
                assertThat(get(probe, "").statusCode()).as(probe).isEqualTo(200);
            }
            assertThat(started.log()).doesNotContain(ALL_TOKENS).doesNotContain("Exception");
        }
    }

    @Test
    void asksOnceForWhatItWasTold() throws Exception {
        try (ReviewingApiServer cluster = cluster();
                ExporterProcess started = start(cluster)) {
            for (int i = 0; i < 20; i++) {
                assertThat(metrics(bearer(PROMETHEUS)).statusCode()).isEqualTo(200);
                assertThat(metrics(bearer(SOMEBODY)).statusCode()).isEqualTo(403);
                assertThat(metrics(bearer(STRANGER)).statusCode()).isEqualTo(401);
            }
            assertThat(cluster.tokenReviews()).isEqualTo(3);
            assertThat(cluster.accessReviews())
                    .as("nobody asks what a stranger may do")
                    .isEqualTo(2);

            cluster.knows(SOMEBODY, "somebody", true);
            Eventually.holds(
                    "a no stands for seconds", () -> metrics(bearer(SOMEBODY)).statusCode() == 200);
            assertThat(cluster.tokenReviews()).isLessThanOrEqualTo(4);
            assertThat(started.log()).doesNotContain(ALL_TOKENS);
        }
    }

    @Test
    void keepsWhoIsKnownAndTellsStrangersToComeBackWhileTheServerIsGone() throws Exception {
        try (ReviewingApiServer cluster = cluster();
                ExporterProcess started = start(cluster)) {
            assertThat(metrics(bearer(PROMETHEUS)).statusCode()).isEqualTo(200);
            cluster.stop();
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> stranger = metrics(bearer(SOMEBODY));
                assertThat(stranger.statusCode()).isEqualTo(503);
                assertThat(stranger.headers().firstValue("Retry-After")).contains("1");
                assertThat(stranger.body()).isEqualTo("the API server does not say who you are; try again\n");
                assertThat(metrics(bearer(PROMETHEUS)).statusCode()).isEqualTo(200);
                Thread.sleep(1100); // after a second of silence it is asked again
            }
            assertThat(metrics("").statusCode()).isEqualTo(401);
            assertThat(get("/-/ready", "").statusCode()).isEqualTo(200);
            assertThat(linesOfLog("API server: does not say who may read (no answer ("))
                    .isEqualTo(1);
            assertThat(linesOfLog("API server")).as("one fault, one line").isEqualTo(1);

            cluster.start().knows(SOMEBODY, "somebody", true);
            Eventually.holds(
                    "it is asked again, without a restart",
                    () -> metrics(bearer(SOMEBODY)).statusCode() == 200);
            assertThat(linesOfLog("API server: says who may read again")).isEqualTo(1);
            assertThat(started.log()).doesNotContain(ALL_TOKENS);
        }
    }

    private ReviewingApiServer cluster() throws IOException {
        return new ReviewingApiServer(Files.createDirectory(directory.resolve("cluster")), ITS_OWN)
                .knows(PROMETHEUS, "system:serviceaccount:monitoring:prometheus", true)
                .knows(SOMEBODY, "somebody", false);
    }

    private ExporterProcess start(ReviewingApiServer cluster) throws Exception {
        Certificates certificates = new Certificates(directory).server("server");
        Path web = Files.writeString(
                directory.resolve("web.yml"), "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n");
        Map<String, String> environment = new HashMap<>(cluster.environment());
        environment.put("GPU_EXPORTER_WEB_CONFIG_FILE", web.toString());
        environment.put("GPU_EXPORTER_WEB_KUBERNETES_AUTH", "on");
        environment.put("GPU_EXPORTER_POLL_INTERVAL", "500ms");
        environment.put("GPU_EXPORTER_LOG_LEVEL", "trace");
        http = certificates.http("server");
        exporter = ExporterProcess.start(environment, "--simulate", "t4");
        exporter.awaitLog("ctrl-c to stop");
        Eventually.holds("it is ready", () -> get("/-/ready", "").statusCode() == 200);
        return exporter;
    }

    private static String bearer(String token) {
        return "Bearer " + token;
    }

    private HttpResponse<String> metrics(String authorization) {
        return get("/metrics", authorization);
    }

    private HttpResponse<String> get(String path, String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + exporter.port() + path));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static double failures(Scrape page, String reason) {
        return page.all("gpu_exporter_http_authentication_failures_total", "reason", reason)
                .get(0)
                .value();
    }

    private long linesOfLog(String words) throws IOException {
        return exporter.log().lines().filter(line -> line.contains(words)).count();
    }
}
