package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.Scrape;
import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.WebConfig;
import dev.gpuexporter.metrics.ExporterMetrics;
import dev.gpuexporter.testing.Certificates;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Log;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What changes in a mounted Secret counts without a restart; what is broken there does not. */
@Timeout(120)
class WebReloadTest {
    @TempDir
    private Path directory;

    /** As the kubelet lays out a Secret: files lead through ..data, which is swapped. */
    private void mount(Certificates certificates, String certificate, String key, String users) {
        try {
            Path version = Files.createTempDirectory(directory, "..version");
            Files.copy(certificates.certificate(certificate), version.resolve("tls.crt"));
            Files.copy(certificates.key(key), version.resolve("tls.key"));
            Files.writeString(
                    version.resolve("web.yml"),
                    "tls_server_config:\n  cert_file: tls.crt\n  key_file: tls.key\nbasic_auth_users:\n" + users);
            Path next = Files.createSymbolicLink(directory.resolve("..data_tmp"), version.getFileName());
            Files.move(next, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String user(String name, String password) {
        return "  " + name + ": " + BCrypt.withDefaults().hashToString(4, password.toCharArray()) + "\n";
    }

    @Test
    void isTakenUpWhileConnectionsGoOn() throws Exception {
        Certificates certificates = new Certificates(directory).server("first").server("second");
        String first = user("one", "pass");
        mount(certificates, "first", "first", first);
        for (String file : new String[] {"tls.crt", "tls.key", "web.yml"}) {
            Files.createSymbolicLink(directory.resolve(file), Path.of("..data", file));
        }
        Map<String, String> keys =
                Map.of("web.config-file", directory.resolve("web.yml").toString());
        try (RunningExporter exporter = RunningExporter.set(RunningExporter.scenario("t4"), keys);
                SSLSocket open = connect(certificates, "first", exporter)) {
            assertThat(statusOn(open)).startsWith("HTTP/1.1 200");

            mount(certificates, "second", "second", first + user("two", "word"));
            Eventually.holds("the second certificate", () -> serves(certificates, "second", exporter));
            assertThat(statusOn(open)).as("a connection made before").startsWith("HTTP/1.1 200");
            assertThat(status(certificates, "second", exporter, "two:word")).isEqualTo(200);

            mount(certificates, "first", "second", first);
            Eventually.holds("the pair is refused", () -> reloads(certificates, exporter, "refused") == 1);
            assertThat(serves(certificates, "second", exporter)).isTrue();
            assertThat(status(certificates, "second", exporter, "two:word")).isEqualTo(200);
            Thread.sleep(WebReload.BETWEEN_LOOKS.multipliedBy(3).toMillis());
            assertThat(reloads(certificates, exporter, "refused"))
                    .as("it is said once")
                    .isEqualTo(1);

            mount(certificates, "second", "second", first);
            Eventually.holds("the user is gone", () -> status(certificates, "second", exporter, "two:word") == 401);
            assertThat(status(certificates, "second", exporter, "one:pass")).isEqualTo(200);
            assertThat(reloads(certificates, exporter, "taken")).isEqualTo(2);
        }
    }

    @Test
    void saysWhatCannotBeMeantAtTheSecondLookAndOnce() {
        Queue<String> problems = new ArrayDeque<>();
        MeterRegistry registry = new SimpleMeterRegistry();
        try (Log log = Log.of(WebReload.class);
                WebReload reload = new WebReload(
                        WebConfig.OPEN,
                        () -> {
                            if (!problems.element().isEmpty()) {
                                throw new BadInputException(problems.element());
                            }
                            return Optional.empty();
                        },
                        next -> Future.succeededFuture(),
                        registry)) {
            List<Integer> lines = new ArrayList<>();
            for (String problem : List.of("a", "a", "a", "b", "b", "", "", "b", "b", "", "c", "d", "")) {
                problems.add(problem);
                reload.look();
                problems.remove();
                lines.add(log.lines().size());
            }
            assertThat(lines).containsExactly(0, 1, 1, 1, 2, 3, 3, 3, 4, 5, 5, 5, 5);
            assertThat(log.lines())
                    .containsExactly(
                            "WARN web configuration: a; what was read before goes on to count",
                            "WARN web configuration: b; what was read before goes on to count",
                            "INFO web configuration: in order again",
                            "WARN web configuration: b; what was read before goes on to count",
                            "INFO web configuration: in order again");
            assertThat(registry.get(ExporterMetrics.WEB_CONFIG_RELOADS.name())
                            .tag("outcome", "refused")
                            .counter()
                            .count())
                    .isEqualTo(3);
        }
    }

    private static SSLSocket connect(Certificates certificates, String trusted, RunningExporter exporter)
            throws IOException {
        SSLSocket socket = (SSLSocket)
                certificates.trusting(trusted).getSocketFactory().createSocket("127.0.0.1", exporter.port());
        socket.startHandshake();
        return socket;
    }

    private static String statusOn(SSLSocket open) throws IOException {
        open.getOutputStream().write("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        BufferedReader answer =
                new BufferedReader(new InputStreamReader(open.getInputStream(), StandardCharsets.US_ASCII), 1);
        String status = answer.readLine();
        while (!answer.readLine().equals("alive")) {
            // headers
        }
        return status;
    }

    private static boolean serves(Certificates certificates, String name, RunningExporter exporter) {
        try (SSLSocket socket = connect(certificates, name, exporter)) {
            Certificate served = socket.getSession().getPeerCertificates()[0];
            return served.equals(certificates.of(name));
        } catch (IOException another) {
            return false;
        }
    }

    private static int status(Certificates certificates, String trusted, RunningExporter exporter, String credentials) {
        return get(certificates, trusted, exporter, credentials).statusCode();
    }

    /** The page is encoded once for a snapshot: what it counts is seen when there is another. */
    private static double reloads(Certificates certificates, RunningExporter exporter, String outcome) {
        exporter.askKubelet();
        return Scrape.of(get(certificates, "second", exporter, "one:pass").body())
                .value("gpu_exporter_web_config_reloads_total", "outcome", outcome)
                .orElse(-1);
    }

    private static HttpResponse<String> get(
            Certificates certificates, String trusted, RunningExporter exporter, String credentials) {
        try {
            return certificates
                    .http(trusted)
                    .send(
                            HttpRequest.newBuilder(URI.create("https://" + exporter.address() + "/metrics"))
                                    .header(
                                            "Authorization",
                                            "Basic "
                                                    + Base64.getEncoder()
                                                            .encodeToString(
                                                                    credentials.getBytes(StandardCharsets.UTF_8)))
                                    .build(),
                            BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
