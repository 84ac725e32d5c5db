package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gpuexporter.testing.Eventually;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes over the wire, with a server that knows nothing of gRPC and may do all of it wrong. */
@Timeout(60)
class KubeletChannelTest {
    private static final int BYTES_AT_ONCE = 16;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger connections = new AtomicInteger();

    @TempDir
    private Path directory;

    private Path socket;
    private KubeletChannel channel;
    private volatile Handler<HttpServerRequest> server;

    @BeforeEach
    void startBoth() {
        socket = directory.resolve("kubelet.sock");
        vertx.createHttpServer()
                .requestHandler(request -> server.handle(request))
                .listen(SocketAddress.domainSocketAddress(socket.toString()))
                .await();
        channel = channel(Duration.ofSeconds(20));
    }

    private KubeletChannel channel(Duration deadline) {
        return new KubeletChannel(socket, deadline, connections::incrementAndGet);
    }

    @AfterEach
    void stopBoth() {
        channel.close();
        vertx.close().await();
    }

    @Test
    void asksAsGrpcDoes() {
        Map<String, String> asked = new ConcurrentHashMap<>();
        Queue<Buffer> body = new ConcurrentLinkedQueue<>();
        server = request -> request.bodyHandler(sent -> {
            request.headers().forEach(header -> asked.put(header.getKey(), header.getValue()));
            asked.put("authority", request.authority().toString());
            asked.put("method", request.method().name());
            asked.put("path", request.uri());
            body.add(sent);
            answer(request, message(new byte[0]));
        });

        assertThat(channel.list()).isEmpty();
        assertThat(asked)
                .containsEntry("authority", "localhost")
                .containsEntry("method", "POST")
                .containsEntry("path", "/v1.PodResourcesLister/List")
                .containsEntry("content-type", "application/grpc")
                .containsEntry("te", "trailers")
                .containsEntry("user-agent", "gpu-exporter")
                .containsEntry("grpc-timeout", "20000m");
        assertThat(body).containsExactly(Buffer.buffer(new byte[] {0, 0, 0, 0, 0}));
    }

    @Test
    void takesAnAnswerHoweverItIsCut() {
        byte[] list = Recordings.read("list-v1.bin");
        server = request -> {
            HttpServerResponse response = begin(request).putTrailer("grpc-status", "0");
            Buffer all = message(list);
            for (int from = 0; from < all.length(); from += BYTES_AT_ONCE) {
                response.write(all.slice(from, Math.min(all.length(), from + BYTES_AT_ONCE)));
                response.write(Buffer.buffer());
            }
            response.end();
        };

        assertThat(channel.list())
                .as("13 devices, of which one is listed twice")
                .hasSize(14);
    }

    @ParameterizedTest
    @CsvSource({
        "'',                 the answer ends before its message does",
        "'00 00 00',         the answer ends before its message does",
        "'00 00 00 00 05 0a',the answer ends before its message does",
        "'01 00 00 00 00',   'the message is compressed, which nobody asked for'",
        "'07 00 00 00 00',   'the message is compressed, which nobody asked for'",
        "'00 00 00 00 00 00 00 00 00 00', the answer goes on after its message",
        "'00 00 00 00 00 00',the answer goes on after its message",
        "'00 00 00 00 02 0a 7f', 'not a protobuf message: '"
    })
    void saysWhatIsWrongWithTheMessage(String bytes, String reason) {
        server = request -> answer(request, hex(bytes));

        assertThat(failure().status()).isEqualTo(GrpcStatus.INTERNAL);
        assertThat(failure().getMessage()).startsWith(reason);
        assertThat(connections).as("the connection is none the worse").hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({"'00 01 00 00 01', 16777217", "'00 80 00 00 00', 2147483648", "'00 ff ff ff ff', 4294967295"})
    void refusesAMessageThatIsTooLargeBeforeItComes(String prefix, String length) {
        server = request -> begin(request).write(hex(prefix)); // and nothing after it

        assertThat(failure().status()).isEqualTo(GrpcStatus.RESOURCE_EXHAUSTED);
        assertThat(failure()).hasMessage("a message of " + length + " bytes; 16777216 are read at most");
    }

    @Test
    void makesAServerWaitThatSendsMoreThanAnybodyReads() {
        AtomicInteger written = new AtomicInteger();
        server = request -> {
            HttpServerResponse response = begin(request);
            for (int i = 0; i < 1000; i++) {
                response.write(Buffer.buffer(new byte[10_000])).onSuccess(done -> written.incrementAndGet());
            }
        };

        assertThat(failure().status()).as("an empty message, and more").isEqualTo(GrpcStatus.INTERNAL);
        assertThat(written).as("pieces of 10 kB, of which the window holds six").hasValueLessThan(30);
    }

    @Test
    void missesTheStatus() {
        server = request -> begin(request).end(message(new byte[0]));

        assertThat(failure().status()).isEqualTo(GrpcStatus.UNKNOWN);
        assertThat(failure()).hasMessage("the answer has no grpc-status");
    }

    @Test
    void believesTheStatusMoreThanTheMessage() {
        server = request -> begin(request)
                .putTrailer("grpc-status", "14")
                .putTrailer("grpc-message", "going down")
                .end(message(new byte[0]));

        assertThat(failure().status()).isEqualTo(GrpcStatus.UNAVAILABLE);
        assertThat(failure()).hasMessage("going down");
    }

    @ParameterizedTest
    @CsvSource({
        "12, UNIMPLEMENTED, unknown method, unknown method",
        "8, RESOURCE_EXHAUSTED, rejected by rate limit, rejected by rate limit",
        "2, UNKNOWN, '100%25 f%C3%BCr 5%, %zz', '100% für 5%, %zz'",
        "13, INTERNAL, , ''",
        "99, UNKNOWN, new, new",
        "-1, UNKNOWN, odd, odd"
    })
    void readsARefusalInHeadersOrTrailers(String number, GrpcStatus status, String encoded, String text) {
        for (boolean trailers : new boolean[] {false, true}) {
            server = request -> {
                HttpServerResponse response = begin(request);
                (trailers ? response.trailers() : response.headers()).set("grpc-status", number);
                if (encoded != null) {
                    (trailers ? response.trailers() : response.headers()).set("grpc-message", encoded);
                }
                response.end();
            };

            assertThat(failure().status()).isEqualTo(status);
            assertThat(failure()).hasMessage(text);
        }
    }

    @Test
    void keepsToOneLine() {
        server = request -> begin(request)
                .putHeader("grpc-status", "13")
                .putHeader("grpc-message", "first%0A16:00:00 ERROR second%0d%e2%80%a8third")
                .end();

        try (PodResourcesClient client = new PodResourcesClient(KubeletSocket.at(socket), Duration.ofSeconds(20))) {
            assertThatExceptionOfType(KubeletException.class)
                    .isThrownBy(client::read)
                    .withMessage("no answer from " + socket + " (INTERNAL: first 16:00:00 ERROR second  third)");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, UNKNOWN", "204, UNKNOWN", "400, INTERNAL", "401, UNAUTHENTICATED", "403, PERMISSION_DENIED",
        "404, UNIMPLEMENTED", "429, UNAVAILABLE", "500, UNKNOWN", "502, UNAVAILABLE", "503, UNAVAILABLE"
    })
    void saysThatSomebodyElseAnswers(int code, GrpcStatus status) {
        server = request -> request.response()
                .setStatusCode(code)
                .putHeader("content-type", "text/html")
                .end(code == 204 ? "" : "<p>who?</p>");

        assertThat(failure().status()).isEqualTo(status);
        assertThat(failure()).hasMessage("HTTP status " + code + ", content-type text/html");
    }

    @ParameterizedTest
    @CsvSource({
        "0, INTERNAL",
        "2, INTERNAL",
        "7, UNAVAILABLE",
        "8, CANCELLED",
        "11, RESOURCE_EXHAUSTED",
        "12, PERMISSION_DENIED",
        "4294967295, INTERNAL"
    })
    void saysThatTheStreamWasReset(long code, GrpcStatus status) {
        for (boolean begun : new boolean[] {false, true}) {
            server = request -> {
                if (begun) {
                    begin(request).write(hex("00 00 00 00 05 0a"));
                }
                request.response().reset(code);
            };

            assertThat(failure().status()).isEqualTo(status);
            assertThat(failure()).hasMessage("the stream was reset with code " + code);
        }
        assertThat(connections).hasValue(1);
    }

    @Test
    void connectsAgainAfterTheConnectionBrokeInAnAnswer() {
        server = request -> {
            begin(request).write(hex("00 00 00 00 05 0a"));
            request.connection().close();
        };
        assertThat(failure().status()).isEqualTo(GrpcStatus.UNAVAILABLE);

        server = request -> answer(request, message(new byte[0]));
        assertThat(channel.list()).isEmpty();
        assertThat(connections).hasValue(2);
    }

    @Test
    void connectsAgainAfterAServerThatSaidItGoes() {
        server = request -> {
            answer(request, message(new byte[0]));
            request.connection().shutdown();
        };
        assertThat(channel.list()).isEmpty();
        Eventually.holds("another connection is used", () -> {
            assertThat(channel.list()).isEmpty();
            return connections.get() > 1;
        });
    }

    @Test
    void takesBackWhatItNoLongerWaitsForAndKeepsTheConnection() {
        Queue<Throwable> ends = new ConcurrentLinkedQueue<>();
        server = request -> request.response().exceptionHandler(ends::add);
        try (KubeletChannel impatient = channel(Duration.ofSeconds(1))) {
            assertThat(catchThrowableOfType(KubeletFailure.class, impatient::list)
                            .status())
                    .isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
            Eventually.holds("the server is told", () -> !ends.isEmpty());

            server = request -> answer(request, message(new byte[0]));
            assertThat(impatient.list()).isEmpty();
            assertThat(connections).hasValue(1);
        }
    }

    @Test
    void waitsNoLongerForAnAnswerThatTrickles() {
        server = request -> {
            HttpServerResponse response = begin(request);
            response.write(hex("00 00 10 00 00"));
            long trickle = vertx.setPeriodic(20, tick -> response.write(Buffer.buffer(new byte[] {0x0a})));
            response.exceptionHandler(end -> vertx.cancelTimer(trickle));
        };
        try (KubeletChannel impatient = channel(Duration.ofMillis(500))) {
            assertThat(catchThrowableOfType(KubeletFailure.class, impatient::list)
                            .status())
                    .isIn(GrpcStatus.DEADLINE_EXCEEDED, GrpcStatus.INTERNAL);
        }
    }

    @Test
    void isNotHeldUpByASocketThatNobodyAccepts() throws IOException {
        socket = directory.resolve("silent.sock");
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                KubeletChannel impatient = channel(Duration.ofMillis(200))) {
            silent.bind(UnixDomainSocketAddress.of(socket));

            assertThat(catchThrowableOfType(KubeletFailure.class, impatient::list)
                            .status())
                    .isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void isRefusedByAFileThatIsNoSocket() throws IOException {
        socket = Files.createFile(directory.resolve("file"));
        try (KubeletChannel another = channel(Duration.ofSeconds(20))) {
            KubeletFailure refused = catchThrowableOfType(KubeletFailure.class, another::list);
            assertThat(refused.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
            assertThat(refused).hasMessage("Connection refused");
        }
    }

    @Test
    void refusesHeadersWithoutEnd() {
        server = request -> begin(request)
                .putHeader("grpc-status", "13")
                .putHeader("grpc-message", "x".repeat(100_000))
                .end();

        assertThat(failure().status()).isIn(GrpcStatus.UNAVAILABLE, GrpcStatus.INTERNAL);
    }

    private KubeletFailure failure() {
        return catchThrowableOfType(KubeletFailure.class, channel::list);
    }

    private static HttpServerResponse begin(HttpServerRequest request) {
        return request.response().putHeader("content-type", "application/grpc");
    }

    private static void answer(HttpServerRequest request, Buffer body) {
        begin(request).putTrailer("grpc-status", "0").end(body);
    }

    private static Buffer message(byte[] bytes) {
        return Buffer.buffer().appendByte((byte) 0).appendInt(bytes.length).appendBytes(bytes);
    }

    private static Buffer hex(String bytes) {
        Buffer buffer = Buffer.buffer();
        Stream.of(bytes.split(" "))
                .filter(digits -> !digits.isEmpty())
                .forEach(digits -> buffer.appendByte((byte) Integer.parseInt(digits, 16)));
        return buffer;
    }
}
