package dev.gpuexporter.kubernetes;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The answer to one call: a message behind five bytes, and a status behind the message. It is read as it comes.
 */
final class GrpcAnswer extends InputStream {
    /** The kubelet's own limit for what it sends. */
    private static final int LARGEST_MESSAGE_BYTES = 16 * 1024 * 1024;

    private static final String STATUS = "grpc-status";
    private static final String REASON = "grpc-message";

    private final Http2Answer answer;

    private ByteBuffer piece = ByteBuffer.allocate(0);
    private long unread;

    GrpcAnswer(Http2Answer answer) {
        this.answer = answer;
    }

    /**
     * Waits for all of it.
     *
     * @throws KubeletFailure for whatever is no answer
     */
    <R> R read(PieceByPiece<?, R> reader) {
        Http2Headers head = answer.head();
        if (head.get(STATUS) == null && !isGrpc(head)) {
            throw new KubeletFailure(
                    GrpcStatus.ofHttp(httpStatus(head)),
                    "HTTP status " + head.status() + ", content-type " + head.get("content-type"));
        }
        unread = messageBytes();
        R result = reader.parse(this);
        if (more()) {
            throw new KubeletFailure(GrpcStatus.INTERNAL, "the answer goes on after its message");
        }
        Http2Headers trailers = answer.trailers();
        GrpcStatus status = status(trailers);
        if (status != GrpcStatus.OK) {
            throw new KubeletFailure(status, reason(trailers));
        }
        return result;
    }

    private static boolean isGrpc(Http2Headers head) {
        CharSequence type = head.get("content-type");
        return httpStatus(head) == 200 && type != null && type.toString().startsWith("application/grpc");
    }

    /** 0, which is none, where it is no number. */
    private static int httpStatus(Http2Headers head) {
        String status = String.valueOf(head.status());
        return status.matches("[0-9]{3}") ? Integer.parseInt(status) : 0;
    }

    private long messageBytes() {
        unread = 5;
        int compressed = read();
        long length = 0;
        for (int i = 0; i < 4; i++) {
            length = length << 8 | read();
        }
        if (compressed != 0) {
            throw new KubeletFailure(GrpcStatus.INTERNAL, "the message is compressed, which nobody asked for");
        }
        if (length > LARGEST_MESSAGE_BYTES) {
            throw new KubeletFailure(
                    GrpcStatus.RESOURCE_EXHAUSTED,
                    "a message of " + length + " bytes; " + LARGEST_MESSAGE_BYTES + " are read at most");
        }
        return length;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) {
        if (unread == 0) {
            return -1;
        }
        if (!more()) {
            throw endedTooSoon();
        }
        int bytes = (int) Math.min(Math.min(most, unread), piece.remaining());
        piece.get(into, from, bytes);
        unread -= bytes;
        return bytes;
    }

    /** Whether there are bytes that were not taken yet, once it is known. */
    private boolean more() {
        while (piece != null && !piece.hasRemaining()) {
            piece = answer.more();
        }
        return piece != null;
    }

    /** A refusal has no message; then its status may already stand where the headers are. */
    private KubeletFailure endedTooSoon() {
        Http2Headers trailers = answer.trailers();
        Http2Headers last = trailers != null && trailers.contains(STATUS) ? trailers : answer.head();
        GrpcStatus status = status(last);
        return status == GrpcStatus.OK
                ? new KubeletFailure(GrpcStatus.INTERNAL, "the answer ends before its message does")
                : new KubeletFailure(status, reason(last));
    }

    private static GrpcStatus status(Http2Headers last) {
        if (last == null || last.get(STATUS) == null) {
            throw new KubeletFailure(GrpcStatus.UNKNOWN, "the answer has no " + STATUS);
        }
        return GrpcStatus.numbered(last.get(STATUS).toString());
    }

    /** Undoes the percent-encoding of {@code grpc-message}; what is none stays as it is. */
    private static String reason(Http2Headers last) {
        if (last.get(REASON) == null) {
            return "";
        }
        String encoded = last.get(REASON).toString();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            int high = encoded.charAt(i) == '%' && i + 2 < encoded.length() ? hex(encoded.charAt(i + 1)) : -1;
            int low = high < 0 ? -1 : hex(encoded.charAt(i + 2));
            text.write(low < 0 ? encoded.charAt(i) : high << 4 | low);
            i += low < 0 ? 0 : 2;
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    private static int hex(char digit) {
        return Character.digit(digit, 16);
    }
}
