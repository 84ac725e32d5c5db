package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.ExporterProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that mean ill or are broken, by raw sockets against the shipped jar on the image's JVM options. After each of
 * them whoever scrapes is served, and memory and file descriptors are back where they were.
 */
@Timeout(60)
class AbuseIT {
    private static AbusedExporter abused;
    private static ExporterProcess exporter;

    private final List<Socket> sockets = new ArrayList<>();

    @BeforeAll
    static void aNodeOfEightGpus() throws Exception {
        abused = new AbusedExporter();
        exporter = abused.process();
        exporter.await("/-/ready", answer -> answer.equals("ready\n"));
        abused.warmUp(AbuseIT::scrape);
    }

    @AfterAll
    static void stop() throws Exception {
        abused.stop();
    }

    @BeforeEach
    void count() throws Exception {
        scrape();
        abused.count();
    }

    @AfterEach
    void everythingIsBackWhereItWas() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        abused.isBackWhereItWas(AbuseIT::scrape);
        assertThat(exporter.get("/-/healthy").statusCode()).isEqualTo(200);
    }

    @Test
    void aThousandConnectionsKeepNobodyOut() throws Exception {
        int said = timesSaid("more than 128 connections");
        for (int i = 0; i < 1000; i++) {
            open();
        }
        scrape();
        abused.awaitFilesBack("the crowd is cut down", Limits.CONNECTIONS);
        assertThat(timesSaid("more than 128 connections")).isEqualTo(said + 1);
    }

    private static int timesSaid(String words) throws IOException {
        return exporter.log().split(words, -1).length - 1;
    }

    @Test
    void whoReadsNothingIsPutOutAndUntilThenOthersAreToldToComeBack() throws Exception {
        fillAllScrapes();
        int crowd = abused.openFiles();
        long asked = System.nanoTime();
        HttpResponse<String> refused = get();
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(1));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.body()).isEqualTo("more than 16 scrapes at once\n");
        assertThat(exporter.get("/-/healthy").statusCode()).isEqualTo(200);
        assertThat(exporter.get("/-/ready").statusCode()).isEqualTo(200);

        // Two at most are on their way to one connection, however many it has asked for.
        Eventually.holds("who reads nothing is put out", () -> abused.openFiles() <= crowd - Limits.SCRAPES / 2);
    }

    /** The kernel takes some pages for whoever reads nothing; a connection of which it has taken all is in nobody's way. */
    private void fillAllScrapes() throws Exception {
        for (int refused = 0; refused < 5; refused++) {
            if (get().statusCode() != 503) {
                refused = -1;
                assertThat(sockets).hasSizeLessThan(Limits.CONNECTIONS);
                send(openWithSmallWindow(), "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50));
            }
            Thread.sleep(20);
        }
    }

    @Test
    void whoSendsAByteNowAndThenIsPutOut() throws Exception {
        long begun = System.nanoTime();
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            slow.add(open());
        }
        byte[] request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; !slow.isEmpty(); i++) {
            byte next = request[i % request.length];
            slow.removeIf(socket -> !accepts(socket, next));
            Thread.sleep(1000);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Limits.TO_ASK, Limits.TO_ASK.plus(Duration.ofSeconds(10)));
    }

    private static boolean accepts(Socket socket, byte next) {
        try {
            socket.getOutputStream().write(next);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void answersWhatIsTooLongInAWord() throws Exception {
        assertThat(answer("GET /metrics HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(64 * 1024) + "\r\n\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(answer("GET /metrics HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(11_000) + "\r\n"))
                .startsWith("HTTP/1.1 431 ");
        assertThat(answer("GET /" + "a".repeat(64 * 1024) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.0 414 ");
        assertThat(answer("GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: close\r\nA: " + "a".repeat(15_000)
                        + "\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\0\1\2\3 rubbish\r\n\r\n",
                "\26\3\1\2\0\1\0\1\374\3\3\r\n\r\n",
                "GET\r\n\r\n",
                "GET /metrics HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n",
                "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                "GET /metrics HTTP/9.9\r\nHost: x\r\n\r\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0",
            })
    void refusesWhatIsNoRequestAndHangsUp(String rubbish) throws Exception {
        String answer = answer(rubbish);
        assertThat(answer).matches("(?s)HTTP/\\d\\.\\d (400|501|505) .*").doesNotContain("gpu_");
    }

    @Test
    void goesOnInTheVersionItSpeaksWhereAskedForAnother() throws Exception {
        assertThat(answer("GET /-/healthy HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n"
                        + "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 ")
                .contains("HTTP/1.1 404 ");
    }

    @Test
    void answersWhatComesInOneGoOneByOne() throws Exception {
        String all =
                answer("GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50)
                        + "GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(all.split("HTTP/1\\.1 200 OK", -1)).hasSize(101);
        assertThat(all).contains("HTTP/1.1 404 ");
    }

    @Test
    void letsGoOfWhoHangsUpHalfwayOrAltogether() throws Exception {
        for (int i = 0; i < 100; i++) {
            Socket half = open();
            send(half, i % 2 == 0 ? "GET /metrics HTTP/1.1\r\nHo" : "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
            half.shutdownOutput();
        }
        for (int i = 0; i < 300; i++) {
            Socket rude = open();
            rude.setSoLinger(true, 0); // a reset, in the middle of what is being answered
            send(rude, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
            rude.close();
        }
        abused.awaitFilesBack("both are let go of while one still waits", 0);
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), exporter.port());
        sockets.add(socket);
        return socket;
    }

    private Socket openWithSmallWindow() throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), exporter.port()));
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All that comes back until the server hangs up. */
    private String answer(String request) throws IOException {
        Socket socket = open();
        socket.setSoTimeout(20_000);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            send(socket, request);
            socket.getInputStream().transferTo(all);
        } catch (SocketException e) {
            // A reset, since not all of the request was read: what has come is the answer.
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    private static HttpResponse<String> get() {
        try {
            return exporter.get("/metrics");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void scrape() {
        assertThat(get().statusCode()).isEqualTo(200);
    }
}
