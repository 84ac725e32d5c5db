package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The frames of HTTP/2, from a server that is nothing but the bytes it sends. */
@Timeout(60)
class Http2ConnectionTest {
    private static final String SETTINGS = frame("04 00 00000000", "");
    private static final String EMPTY_MESSAGE = "0000000000";

    /** Status 200 by the table that both sides know. */
    private static final String HEAD = "88" + literal("content-type", "application/grpc");

    private static final String OK = literal("grpc-status", "0");

    private final AtomicInteger connections = new AtomicInteger();
    private final StringBuffer sent = new StringBuffer();

    @TempDir
    private Path directory;

    private ServerSocketChannel server;
    private CompletableFuture<Void> serving = CompletableFuture.completedFuture(null);
    private KubeletChannel channel;

    @BeforeEach
    void startBoth() throws IOException {
        Path socket = directory.resolve("kubelet.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
        channel = new KubeletChannel(socket, Duration.ofSeconds(5), connections::incrementAndGet);
    }

    @AfterEach
    void stopBoth() throws IOException {
        channel.close();
        server.close();
        serving.join();
    }

    @Test
    void sendsThePrefaceItsSettingsAndTheQuestion() {
        serves(List.of(SETTINGS + answer(1), answer(3)));

        assertThat(channel.list()).isEmpty();
        assertThat(channel.list()).isEmpty();
        assertThat(connections).hasValue(1);
        String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        assertThat(sent)
                .startsWith(HexFormat.of().formatHex(preface.getBytes(StandardCharsets.US_ASCII))
                        + frame("04 00 00000000", "0002 00000000 0006 00004000"))
                .contains(frame("00 01 00000001", EMPTY_MESSAGE))
                .as("it has the server's settings")
                .contains(frame("04 01 00000000", ""))
                .endsWith(frame("00 01 00000003", EMPTY_MESSAGE));
    }

    /** Each between the settings and the end of the answer to the first question, which it leaves as it is. */
    @ParameterizedTest
    @CsvSource({
        "a ping,                        06 00 00000000, 0102030405060708",
        "the answer to a ping,          06 01 00000000, 0102030405060708",
        "more settings,                 04 00 00000000, 0003 00000064",
        "more window,                   08 00 00000000, 00000100",
        "more window of the stream,     08 00 00000001, 00000100",
        "a priority,                    02 00 00000001, 0000000010",
        "a type that is not known,      2a ff 00000001, 00",
        "data of another stream,        00 01 00000007, 0102",
        "a reset of another stream,     03 00 00000007, 00000008",
        "headers of another stream,     01 05 00000007, 88",
        "a good-bye that lets it end,   07 00 00000000, 7fffffff 00000000",
        "an early hint,                 01 04 00000001, 08 03 313033",
    })
    void readsOnAfter(String what, String head, String payload) {
        serves(List.of(SETTINGS + frame(head, payload) + answer(1)));

        assertThat(channel.list()).isEmpty();
    }

    @Test
    void answersAPing() {
        serves(List.of(SETTINGS + frame("06 00 00000000", "0102030405060708") + answer(1), answer(3)));
        channel.list();
        channel.list();

        assertThat(sent).contains(frame("06 01 00000000", "0102030405060708"));
    }

    @Test
    void takesOffPaddingAndPriority() {
        serves(List.of(SETTINGS
                + frame("01 2c 00000001", "02" + "0000000010" + HEAD + "0000")
                + frame("00 08 00000001", "03" + "0000" + "000000")
                + frame("00 08 00000001", "00" + "000000")
                + frame("01 0d 00000001", "01" + OK + "00")));

        assertThat(channel.list()).isEmpty();
    }

    @Test
    void joinsHeadersThatComeInPieces() {
        serves(List.of(SETTINGS
                + frame("01 00 00000001", HEAD.substring(0, 20))
                + frame("09 00 00000001", HEAD.substring(20, 22))
                + frame("09 00 00000001", "")
                + frame("09 04 00000001", HEAD.substring(22))
                + frame("00 00 00000001", EMPTY_MESSAGE)
                + frame("01 05 00000001", OK)));

        assertThat(channel.list()).isEmpty();
    }

    /** RFC 7541: what headers of a stream put into the table stands for later ones, whoever waits for the stream. */
    @Test
    void remembersTheHeadersOfAStreamThatNobodyWaitsFor() {
        String remembered = "40" + literal("grpc-status", "0").substring(2);
        serves(List.of(
                SETTINGS + frame("01 04 00000001", HEAD) + frame("03 00 00000001", "00000008"),
                frame("01 05 00000001", remembered)
                        + frame("01 04 00000003", HEAD)
                        + frame("00 00 00000003", EMPTY_MESSAGE)
                        + frame("01 05 00000003", "be")));

        assertThat(failure().status()).isEqualTo(GrpcStatus.CANCELLED);
        assertThat(channel.list()).isEmpty();
        assertThat(connections).hasValue(1);
    }

    @ParameterizedTest
    @CsvSource({
        "'48545450 2f312e31 20343030 20426164', 'a frame of 4740180 bytes, or no HTTP/2'",
        "'000000 01 05 00000001',               'no HTTP/2: it does not begin with settings'",
        "'000000 04 00 00000000 000004 06 00 00000000 01020304', a frame that is too short",
        "'000000 04 00 00000000 000002 03 00 00000001 0102',     a frame that is too short",
        "'000000 04 00 00000000 000004 07 00 00000000 00000001', a frame that is too short",
        "'000000 04 00 00000000 000007 06 00 00000000 01020304 050607',     a frame that is too short",
        "'000000 04 00 00000000 000009 06 00 00000000 01020304 05060708 09', a ping of 9 bytes",
        "'000000 04 00 00000000 000001 08 00 00000000 01',       a frame that is too short",
        "'000000 04 00 00000000 000000 00 08 00000001',          a frame that is too short",
        "'000000 04 00 00000000 000002 00 08 00000001 0500',     a frame that is too short",
        "'000000 04 00 00000000 000002 01 24 00000001 8888',     a frame that is too short",
        "'000000 04 00 00000000 000004 05 04 00000001 00000002', a frame of type 5 that may not be",
        "'000000 04 00 00000000 000001 09 04 00000001 88',       a frame of type 9 that may not be",
        "'000000 04 00 00000000 000001 01 00 00000001 88 000000 06 00 00000000', headers that do not end",
        "'000000 04 00 00000000 000001 01 00 00000001 88 000001 09 04 00000003 88', headers that do not end",
    })
    void refusesWhatIsNoHttp2AndConnectsAnew(String bytes, String reason) {
        serves(List.of(bytes), List.of(bytes), List.of(SETTINGS + answer(1)));

        KubeletFailure failure = failure();
        assertThat(failure.status()).isEqualTo(GrpcStatus.UNAVAILABLE);
        assertThat(failure).hasMessage(reason);
        assertThat(failure()).hasMessage(reason);
        assertThat(channel.list()).isEmpty();
        assertThat(connections).hasValue(3);
    }

    /** RFC 9113, section 6.9: the first bit is nobody's. */
    @Test
    void takesNoBitOfAWindowForItsSign() {
        serves(List.of(SETTINGS + frame("08 00 00000000", "80000001") + answer(1), answer(3)));

        assertThat(channel.list()).isEmpty();
        assertThat(channel.list()).isEmpty();
        assertThat(connections).hasValue(1);
    }

    @Test
    void refusesHeadersThatNobodyCanRead() {
        serves(List.of(SETTINGS + frame("01 05 00000001", "ff ff ff ff ff ff")));

        assertThat(failure().status()).isEqualTo(GrpcStatus.UNAVAILABLE);
    }

    @Test
    void asksTheNextConnectionWhereThisOneWentBetweenTwoCalls() {
        String goodbye = frame("07 00 00000000", "00000001 00000000");
        serves(List.of(SETTINGS + answer(1), goodbye), List.of(SETTINGS + answer(1)), List.of(SETTINGS + answer(1)));

        assertThat(channel.list()).isEmpty();
        assertThat(channel.list()).as("not taken by the first").isEmpty();
        assertThat(channel.list()).as("closed without a word").isEmpty();
        assertThat(connections).hasValue(3);
    }

    @Test
    void doesNotAskAgainAndAgain() {
        serves(List.of(SETTINGS + answer(1)), List.of(), List.of(SETTINGS + answer(1)));

        assertThat(channel.list()).isEmpty();
        assertThat(failure()).hasMessage("the connection was closed");
        assertThat(connections).hasValue(2);
    }

    /** A kubelet may be gone for hours; other tests open files meanwhile, but not as many. */
    @Test
    void leavesNothingOpenWhereNobodyListens() throws IOException {
        server.close();
        int before = openFiles();
        for (int i = 0; i < 500; i++) {
            assertThat(failure()).hasMessage("Connection refused");
        }
        assertThat(openFiles()).isLessThan(before + 250);
    }

    private static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    void saysThatAnAnswerHasNoHeaders() {
        serves(List.of(SETTINGS + frame("00 01 00000001", EMPTY_MESSAGE)));

        assertThat(failure().status()).isEqualTo(GrpcStatus.INTERNAL);
    }

    @Test
    void isNotKeptByPingsWithoutEnd() {
        serves(List.of(SETTINGS + frame("06 01 00000000", "0102030405060708").repeat(4_000_000)));
        try (KubeletChannel impatient =
                new KubeletChannel(directory.resolve("kubelet.sock"), Duration.ofMillis(100), () -> {})) {
            long start = System.nanoTime();
            assertThat(catchThrowableOfType(KubeletFailure.class, impatient::list)
                            .status())
                    .isEqualTo(GrpcStatus.DEADLINE_EXCEEDED);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        }
    }

    @Test
    void givesBackTheWindowOfAllThatItTakes() {
        String chunk = frame("00 00 00000001", "0a 00".repeat(8000));
        serves(List.of(SETTINGS
                + frame("01 04 00000001", HEAD)
                + frame("00 00 00000001", "00 00 01 38 80")
                + chunk.repeat(5)
                + frame("01 05 00000001", OK)));

        assertThat(channel.list()).as("pods without containers").isEmpty();
        assertThat(sent)
                .contains(frame("08 00 00000000", "0000bb85"))
                .as("as much for the stream")
                .contains(frame("08 00 00000001", "0000bb85"));
    }

    /** One list of answers for each connection; after its last one the connection is closed with the next question. */
    @SafeVarargs
    private void serves(List<String>... scripts) {
        serving = CompletableFuture.runAsync(() -> {
            for (List<String> answers : scripts) {
                try (SocketChannel client = server.accept()) {
                    for (int i = 0; i < answers.size() && asked(client, 2 * i + 1); i++) {
                        ByteBuffer bytes = ByteBuffer.wrap(bytes(answers.get(i)));
                        while (bytes.hasRemaining()) {
                            client.write(bytes);
                        }
                    }
                    asked(client, 2 * answers.size() + 1);
                } catch (AsynchronousCloseException over) {
                    return;
                } catch (IOException gone) {
                    assertThat(gone).hasMessageMatching("Broken pipe|Connection reset.*");
                }
            }
        });
    }

    /** Reads up to the end of this stream's question; false where the client goes before. */
    private boolean asked(SocketChannel client, int stream) throws IOException {
        String end = frame("00 01 %08x".formatted(stream), EMPTY_MESSAGE);
        StringBuilder heard = new StringBuilder();
        ByteBuffer some = ByteBuffer.allocate(4096);
        while (heard.indexOf(end) < 0) {
            if (client.read(some.clear()) < 0) {
                return false;
            }
            String hex = HexFormat.of().formatHex(some.array(), 0, some.position());
            heard.append(hex);
            sent.append(hex);
        }
        return true;
    }

    private KubeletFailure failure() {
        return catchThrowableOfType(KubeletFailure.class, channel::list);
    }

    private static String answer(int stream) {
        return frame("01 04 %08x".formatted(stream), HEAD)
                + frame("00 00 %08x".formatted(stream), EMPTY_MESSAGE)
                + frame("01 05 %08x".formatted(stream), OK);
    }

    /** @param head type, flags and stream */
    private static String frame(String head, String payload) {
        return "%06x".formatted(bytes(payload).length) + (head + payload).replace(" ", "");
    }

    /** Of HPACK, to be remembered by nobody. */
    private static String literal(String name, String value) {
        return "00" + text(name) + text(value);
    }

    private static String text(String text) {
        return "%02x".formatted(text.length()) + HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
