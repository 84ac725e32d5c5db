package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.testing.Certificates;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.ExporterProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What HTTP/2 lets a client do that means ill, frame by frame by TLS against the shipped jar on the image's JVM options.
 * Meanwhile others are answered, and afterwards memory and file descriptors are back where they were.
 */
@Timeout(120)
class Http2AbuseIT {
    @TempDir
    private static Path directory;

    private static AbusedExporter abused;
    private static ExporterProcess exporter;
    private static HttpClient others;
    private static SSLContext trust;

    private final List<RawHttp2> connections = new ArrayList<>();

    @BeforeAll
    static void aNodeOfEightGpus() throws Exception {
        Certificates certificates = new Certificates(directory).server("server");
        Path web = Files.writeString(
                directory.resolve("web.yml"), "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n");
        abused = new AbusedExporter("--web.config.file", web.toString());
        exporter = abused.process();
        others = certificates.http("server");
        trust = certificates.trusting("server");
        Eventually.holds("it is ready", () -> get("/-/ready").statusCode() == 200);
        abused.warmUp(() -> assertThat(get("/metrics").version()).isEqualTo(HttpClient.Version.HTTP_2));
    }

    @AfterAll
    static void stop() throws Exception {
        abused.stop();
    }

    @BeforeEach
    void count() throws Exception {
        get("/metrics");
        abused.count();
    }

    @AfterEach
    void everythingIsBackWhereItWas() throws Exception {
        for (RawHttp2 connection : connections) {
            connection.close();
        }
        assertItsScrapesEnd();
        abused.isBackWhereItWas(() -> assertThat(get("/metrics").statusCode()).isEqualTo(200));
    }

    private RawHttp2 open() throws IOException {
        RawHttp2 connection = new RawHttp2(trust, exporter.port());
        connections.add(connection);
        return connection;
    }

    @Test
    void answersWhoMeansWell() throws Exception {
        RawHttp2 connection = open();
        for (int stream = 1; stream < 100; stream += 2) {
            connection.get(stream, "/-/healthy");
            connection.flush();
            assertThat(connection.awaitAnswer(stream))
                    .as(":status 200 in HPACK")
                    .isEqualTo(RawHttp2.STATUS_200);
        }
    }

    /** As in CVE-2023-44487: each stream is over before it is answered, so that no limit on open ones holds it. */
    @Test
    void whoAsksAndResetsWithoutEndIsPutOut() throws Exception {
        RawHttp2 connection = open();
        assertPutOut(connection, 20_000, stream -> {
            connection.get(stream, "/metrics");
            connection.reset(stream);
            connection.flush();
        });
        assertItsScrapesEnd();
        assertOthersAreAnswered();
    }

    /** A new connection for each time it is put out. One scrape too many at a time is told to come back, and not more. */
    @Test
    void othersAreAnsweredWhileOneResetsOnConnectionAfterConnection() throws Exception {
        List<Integer> scrapes = new CopyOnWriteArrayList<>();
        List<Integer> probes = new CopyOnWriteArrayList<>();
        Thread prometheus = new Thread(() -> {
            for (int i = 0; i < 100; i++) {
                probes.add(get("/-/ready").statusCode());
                scrapes.add(get("/metrics").statusCode());
            }
        });
        prometheus.start();
        while (prometheus.isAlive()) {
            RawHttp2 connection = open();
            untilPutOut(2_000, stream -> {
                connection.get(stream, "/metrics");
                connection.reset(stream);
            });
            connection.close();
        }
        assertThat(probes).hasSize(100).containsOnly(200);
        assertThat(scrapes).hasSize(100).isSubsetOf(200, 503).contains(200);
    }

    /** As many streams as it may, and not a byte of any answer is taken. */
    @Test
    void whoTakesNothingIsPutOutAndUntilThenProbesAreAnswered() throws Exception {
        RawHttp2 connection = open();
        connection.send(RawHttp2.SETTINGS, 0, 0, RawHttp2.NO_WINDOW);
        for (int stream = 1; stream < 2 * 90; stream += 2) {
            connection.get(stream, "/metrics");
        }
        connection.flush();
        long begun = System.nanoTime();
        assertThat(get("/-/ready").statusCode()).isEqualTo(200);
        assertThat(answeredUntilItHangsUp(connection)).isNotEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Limits.TO_TAKE.minusSeconds(1), Limits.TO_TAKE.plusSeconds(5));
        assertOthersAreAnswered();
    }

    @Test
    void whoOpensMoreStreamsThanItMayIsPutOut() throws Exception {
        RawHttp2 connection = open();
        connection.send(RawHttp2.SETTINGS, 0, 0, RawHttp2.NO_WINDOW);
        assertPutOut(connection, 50_000, stream -> {
            connection.get(stream, "/metrics");
            connection.flush();
        });
        assertOthersAreAnswered();
    }

    private static Set<Integer> answeredUntilItHangsUp(RawHttp2 connection) {
        Set<Integer> answered = new HashSet<>();
        assertThatThrownBy(() -> {
                    for (RawHttp2.Frame frame = connection.read(); ; frame = connection.read()) {
                        if (frame.type() == RawHttp2.HEADERS) {
                            answered.add(frame.stream());
                        }
                    }
                })
                .as("it hangs up")
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(SocketTimeoutException.class);
        return answered;
    }

    @Test
    void headersWithoutEndArePutAnEndTo() throws Exception {
        RawHttp2 connection = open();
        byte[] more = RawHttp2.header("x-more", 16_000);
        connection.send(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, RawHttp2.request("/metrics"));
        assertPutOut(connection, 1_000, stream -> {
            connection.send(RawHttp2.CONTINUATION, 0, 1, more);
            connection.flush();
        });
        assertOthersAreAnswered();
    }

    @Test
    void headersInPiecesOfNothingArePutAnEndTo() throws Exception {
        RawHttp2 connection = open();
        connection.send(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, RawHttp2.request("/metrics"));
        assertPutOut(connection, 100_000, stream -> connection.send(RawHttp2.CONTINUATION, 0, 1, new byte[0]));
        assertOthersAreAnswered();
    }

    /** It need not read to the end what it refuses: it may hang up while they still come. */
    @Test
    void headersThatAreTooLongAreRefused() throws Exception {
        RawHttp2 connection = open();
        Optional<RawHttp2.Frame> frame;
        try {
            sendHeadersOfSixtyKilobytes(connection);
            frame = Optional.of(answer(connection));
        } catch (SocketTimeoutException neither) {
            throw neither;
        } catch (IOException hungUp) {
            frame = Optional.empty();
        }
        frame.ifPresent(answer -> {
            assertThat(answer.type()).isIn(RawHttp2.HEADERS, RawHttp2.RST_STREAM, RawHttp2.GOAWAY);
            if (answer.type() == RawHttp2.HEADERS) {
                assertThat(RawHttp2.firstField(answer))
                        .as(":status in HPACK, which has a number for 200 and none for 431")
                        .isNotEqualTo(RawHttp2.STATUS_200);
            }
        });
        assertOthersAreAnswered();
    }

    private static void sendHeadersOfSixtyKilobytes(RawHttp2 connection) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(RawHttp2.request("/-/healthy"));
        for (int i = 0; i < 4; i++) {
            block.write(RawHttp2.header("x-" + i, 15_000));
        }
        byte[] all = block.toByteArray();
        connection.send(RawHttp2.HEADERS, RawHttp2.END_STREAM, 1, Arrays.copyOf(all, 16_000));
        for (int at = 16_000; at < all.length; at += 16_000) {
            int end = Math.min(all.length, at + 16_000);
            int flags = end == all.length ? RawHttp2.END_HEADERS : 0;
            connection.send(RawHttp2.CONTINUATION, flags, 1, Arrays.copyOfRange(all, at, end));
        }
        connection.flush();
    }

    private static RawHttp2.Frame answer(RawHttp2 connection) throws IOException {
        RawHttp2.Frame frame = connection.read();
        while (frame.type() == RawHttp2.SETTINGS || frame.type() == RawHttp2.WINDOW_UPDATE) {
            frame = connection.read();
        }
        return frame;
    }

    /** What it says back piles up, since nobody reads it. */
    @Test
    void whoPingsAndReadsNothingIsPutOut() throws Exception {
        RawHttp2 connection = open();
        assertPutOut(connection, 2_000_000, stream -> connection.send(RawHttp2.PING, 0, 0, new byte[8]));
        assertOthersAreAnswered();
    }

    /** What a client sends, over and over. */
    private interface Sending {
        void send(int stream) throws IOException;
    }

    /** How often it could be sent before the server hung up. */
    private static int untilPutOut(int most, Sending sending) {
        for (int sent = 0; sent < most; sent++) {
            try {
                sending.send(2 * sent + 1);
            } catch (IOException putOut) {
                return sent;
            }
        }
        return most;
    }

    /** By then all of it may lie in the kernel's buffers: then whoever reads finds that it hung up. */
    private static void assertPutOut(RawHttp2 connection, int most, Sending sending) {
        if (untilPutOut(most, sending) == most) {
            long begun = System.nanoTime();
            answeredUntilItHangsUp(connection);
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("long before it would hang up for want of patience")
                    .isLessThan(Duration.ofSeconds(5));
        }
    }

    /** What somebody asked for who is gone may wait for a page still; until that is there, one more is one too many. */
    private static void assertItsScrapesEnd() {
        long asked = System.nanoTime();
        Eventually.holds("no scrape is one too many", () -> get("/metrics").statusCode() != 503);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
    }

    private static void assertOthersAreAnswered() {
        long asked = System.nanoTime();
        assertThat(get("/metrics").statusCode()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(2));
    }

    private static HttpResponse<String> get(String path) {
        try {
            return others.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + exporter.port() + path))
                            .timeout(Duration.ofSeconds(10))
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
