package dev.gpuexporter.kubernetes;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The answer to one call: a message behind five bytes, and a status behind the message. The event loop brings it piece by
 * piece, the caller reads it meanwhile, and the server is let go on only as far as was read.
 */
final class GrpcAnswer extends InputStream {
    /** The kubelet's own limit for what it sends. */
    private static final int LARGEST_MESSAGE_BYTES = 16 * 1024 * 1024;

    private static final int PIECES_AHEAD = 4;

    /** Most answers have fewer, and wake the event loop for none. */
    private static final int PIECES_AT_ONCE = 2;

    private static final Buffer END = Buffer.buffer();

    private final BlockingQueue<Buffer> arrived = new LinkedBlockingQueue<>();
    private final long deadline;

    private volatile HttpClientResponse head;
    private volatile Throwable failure;

    /** What comes after the end changes nothing; of the event loop's alone. */
    private boolean over;

    private Buffer piece = Buffer.buffer();
    private int taken;
    private int takenPieces;
    private long unread;

    /** @param patience from now to the end of the answer */
    GrpcAnswer(Duration patience) {
        deadline = System.nanoTime() + patience.toNanos();
    }

    /** On the event loop. */
    void begins(HttpClientResponse response) {
        head = response;
        response.exceptionHandler(this::fails).handler(arrived::add).endHandler(end -> ends(null));
        if (response.getHeader("grpc-status") == null && !isGrpc(response)) {
            fails(new KubeletFailure(
                    GrpcStatus.ofHttp(response.statusCode()),
                    "HTTP status " + response.statusCode() + ", content-type " + response.getHeader("content-type")));
        }
        response.pause().fetch(PIECES_AHEAD);
    }

    private static boolean isGrpc(HttpClientResponse response) {
        String type = response.getHeader("content-type");
        return response.statusCode() == 200 && type != null && type.startsWith("application/grpc");
    }

    /** On the event loop. */
    void fails(Throwable cause) {
        ends(cause);
    }

    private void ends(Throwable cause) {
        if (!over) {
            over = true;
            failure = cause;
            arrived.add(END);
        }
    }

    /**
     * Waits for all of it.
     *
     * @throws KubeletFailure for whatever is no answer
     */
    <R> R read(PieceByPiece<?, R> reader) {
        unread = messageBytes();
        R result = reader.parse(this);
        if (more()) {
            throw new KubeletFailure(GrpcStatus.INTERNAL, "the answer goes on after its message");
        }
        GrpcStatus status = status(head.getTrailer("grpc-status"));
        if (status != GrpcStatus.OK) {
            throw new KubeletFailure(status, text(head.getTrailer("grpc-message")));
        }
        return result;
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
        int bytes = (int) Math.min(Math.min(most, unread), piece.length() - taken);
        piece.getBytes(taken, taken + bytes, into, from);
        taken += bytes;
        unread -= bytes;
        return bytes;
    }

    /** Whether there are bytes that were not taken yet, once it is known. */
    private boolean more() {
        while (taken == piece.length() && piece != END) {
            piece = next();
            taken = 0;
            if (piece != END) {
                takenPieces++;
                if (takenPieces % PIECES_AT_ONCE == 0) {
                    head.fetch(PIECES_AT_ONCE);
                }
            } else if (failure != null) {
                throw KubeletFailure.beneath(failure);
            }
        }
        return piece != END;
    }

    private Buffer next() {
        try {
            Buffer next = arrived.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                throw new KubeletFailure(GrpcStatus.DEADLINE_EXCEEDED, "");
            }
            return next;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new KubeletFailure(GrpcStatus.CANCELLED, "interrupted");
        }
    }

    /** A refusal has no message; then its status may already stand where the headers are. */
    private KubeletFailure endedTooSoon() {
        boolean inTrailers = head.getTrailer("grpc-status") != null;
        GrpcStatus status = status(inTrailers ? head.getTrailer("grpc-status") : head.getHeader("grpc-status"));
        return status == GrpcStatus.OK
                ? new KubeletFailure(GrpcStatus.INTERNAL, "the answer ends before its message does")
                : new KubeletFailure(
                        status, text(inTrailers ? head.getTrailer("grpc-message") : head.getHeader("grpc-message")));
    }

    private static GrpcStatus status(String number) {
        if (number == null) {
            throw new KubeletFailure(GrpcStatus.UNKNOWN, "the answer has no grpc-status");
        }
        return GrpcStatus.numbered(number);
    }

    /** Undoes the percent-encoding of {@code grpc-message}; what is none stays as it is. */
    private static String text(String encoded) {
        if (encoded == null) {
            return "";
        }
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
