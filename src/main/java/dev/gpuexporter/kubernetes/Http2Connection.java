package dev.gpuexporter.kubernetes;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * HTTP/2 to one socket file (RFC 9113), one question at a time. There is no thread behind it: whoever asks reads what comes,
 * and a server sends as far ahead as was read. All that waits throws {@link KubeletFailure}.
 */
final class Http2Connection implements AutoCloseable {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What either side may send of bodies before it is told more. */
    private static final int WINDOW_BYTES = 65_535;

    private static final int LARGEST_HEADERS_BYTES = 16_384;

    /** Nothing is pushed (2), and so much for headers (6). */
    private static final byte[] OUR_SETTINGS = ByteBuffer.allocate(12)
            .putShort((short) 2)
            .putInt(0)
            .putShort((short) 6)
            .putInt(LARGEST_HEADERS_BYTES)
            .array();

    private static final int CANCEL = 0x8;

    private final TimedSocket socket;
    private final Http2Frames frames;
    private final Http2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(true, LARGEST_HEADERS_BYTES);

    private boolean greeted;
    private boolean usable = true;
    private long maySend = WINDOW_BYTES;
    private int taken;
    private int takenOfAnswer;

    /** To the newest question; null before the first. */
    private Http2Answer answer;

    private Http2Connection(TimedSocket socket) {
        this.socket = socket;
        frames = new Http2Frames(socket);
        frames.add(PREFACE);
        frames.add(Http2Frames.SETTINGS, 0, 0, OUR_SETTINGS);
    }

    static Http2Connection to(Path socket) {
        try {
            return new Http2Connection(TimedSocket.connect(socket));
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /** What the next question and its answer may take; by the system's clock of that name. */
    void waitUntil(long nanoTime) {
        socket.waitUntil(nanoTime);
    }

    /** Whether another question can be asked, as far as the server has said by now. */
    boolean isUsable(int bodyBytes) {
        try {
            while (usable && frames.nextOfWhatCame()) {
                take();
            }
            return usable && maySend >= bodyBytes;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Whether it broke, or the server went, before anything of the newest answer came. */
    boolean isGoneUnanswered() {
        return !usable && !answer.hasBegun();
    }

    /** @param headers as HPACK writes them, in one frame */
    Http2Answer ask(byte[] headers, byte[] body) {
        int stream = answer == null ? 1 : answer.stream() + 2;
        answer = new Http2Answer(this, stream);
        takenOfAnswer = 0;
        maySend -= body.length;
        frames.add(Http2Frames.HEADERS, Http2Frames.END_HEADERS, stream, headers);
        frames.add(Http2Frames.DATA, Http2Frames.END_STREAM, stream, body);
        try {
            send();
        } catch (IOException e) {
            throw unavailable(e);
        }
        return answer;
    }

    /** Tells the server that nobody waits for the rest of the answer, if there is any. */
    void giveUp() {
        if (answer.isOver() || !usable) {
            return;
        }
        answer.end();
        frames.add(Http2Frames.RST_STREAM, answer.stream(), CANCEL);
        try {
            send();
        } catch (IOException | KubeletFailure untold) {
            usable = false;
        }
    }

    /** Waits for a frame, and takes it. */
    void takeNext() {
        try {
            frames.next();
            take();
        } catch (IOException e) {
            usable = false;
            throw unavailable(e);
        }
    }

    /** Whatever fails within a frame leaves nothing to go on with. */
    private void take() throws IOException {
        boolean whole = false;
        try {
            takeFrame();
            whole = true;
        } catch (Http2Exception e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            usable &= whole;
        }
    }

    private void takeFrame() throws IOException, Http2Exception {
        if (!greeted && frames.type() != Http2Frames.SETTINGS) {
            throw new IOException("no HTTP/2: it does not begin with settings");
        }
        greeted = true;
        switch (frames.type()) {
            case Http2Frames.DATA -> takeData();
            case Http2Frames.HEADERS -> takeHeaders();
            case Http2Frames.RST_STREAM -> takeReset();
            case Http2Frames.SETTINGS -> acknowledge(new byte[0]);
            case Http2Frames.PING -> acknowledge(pinged());
            case Http2Frames.GOAWAY -> takeGoodbye();
            case Http2Frames.WINDOW_UPDATE ->
                maySend += frames.stream() == 0 ? frames.payload(4).getInt() & Integer.MAX_VALUE : 0;
            case Http2Frames.PUSH_PROMISE, Http2Frames.CONTINUATION ->
                throw new IOException("a frame of type " + frames.type() + " that may not be");
            default -> {} // priorities, and what is not invented yet
        }
    }

    private boolean isOfAnswer() {
        return answer != null && frames.stream() == answer.stream() && !answer.isOver();
    }

    private void takeData() {
        taken += frames.payloadBytes();
        boolean goesOn = false;
        if (isOfAnswer()) {
            answer.takeData(frames.payload(), frames.has(Http2Frames.END_STREAM));
            takenOfAnswer += frames.payloadBytes();
            goesOn = !answer.isOver();
        }
        if (taken > WINDOW_BYTES / 2) {
            frames.add(Http2Frames.WINDOW_UPDATE, 0, taken);
            taken = 0;
            if (goesOn) {
                frames.add(Http2Frames.WINDOW_UPDATE, answer.stream(), takenOfAnswer);
                takenOfAnswer = 0;
            }
            reply();
        }
    }

    private void takeHeaders() throws IOException, Http2Exception {
        boolean ofAnswer = isOfAnswer();
        boolean last = frames.has(Http2Frames.END_STREAM);
        // Of a stream that nobody waits for, too: what later ones refer to may be in it.
        Http2Headers headers = headersOf(frames.stream());
        if (ofAnswer) {
            answer.takeHeaders(headers, last);
        }
    }

    private Http2Headers headersOf(int headed) throws IOException, Http2Exception {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(bytes(frames.payload()));
        while (!frames.has(Http2Frames.END_HEADERS)) {
            frames.next();
            if (frames.type() != Http2Frames.CONTINUATION || frames.stream() != headed) {
                throw new IOException("headers that do not end");
            }
            block.writeBytes(bytes(frames.payload()));
            if (block.size() > LARGEST_HEADERS_BYTES) {
                throw new IOException("headers of more than " + LARGEST_HEADERS_BYTES + " bytes");
            }
        }
        return decoder.decodeHeaders(headed, Unpooled.wrappedBuffer(block.toByteArray()));
    }

    private void takeReset() throws IOException {
        if (isOfAnswer()) {
            long code = Integer.toUnsignedLong(frames.payload(4).getInt());
            answer.fail(GrpcStatus.ofReset(code), "the stream was reset with code " + code);
        }
    }

    private void takeGoodbye() throws IOException {
        usable = false;
        int lastTaken = frames.payload(8).getInt() & Integer.MAX_VALUE;
        if (answer != null && !answer.isOver() && lastTaken < answer.stream()) {
            answer.fail(GrpcStatus.UNAVAILABLE, "the server says good-bye");
        }
    }

    private byte[] pinged() throws IOException {
        byte[] payload = bytes(frames.payload(8));
        if (payload.length > 8) {
            throw new IOException("a ping of " + payload.length + " bytes");
        }
        return payload;
    }

    private void acknowledge(byte[] payload) {
        if (!frames.has(Http2Frames.ACK)) {
            frames.add(frames.type(), Http2Frames.ACK, 0, payload);
            reply();
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** To a server that went, too: what it has sent before is still to be read. */
    private void reply() {
        try {
            send();
        } catch (IOException gone) {
            usable = false;
        }
    }

    private void send() throws IOException {
        boolean whole = false;
        try {
            frames.flush();
            whole = true;
        } finally {
            usable &= whole;
        }
    }

    private static KubeletFailure unavailable(IOException e) {
        return new KubeletFailure(GrpcStatus.UNAVAILABLE, e.getMessage() == null ? e.toString() : e.getMessage());
    }

    @Override
    public void close() {
        try {
            frames.close();
        } catch (IOException gone) { // closed is closed
            usable = false;
        }
    }
}
