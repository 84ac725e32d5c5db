package dev.gpuexporter.kubernetes;

import io.netty.handler.codec.http2.Http2Headers;
import java.nio.ByteBuffer;

/** What has come of the answer on one stream. Whoever asks for more of it reads on. */
final class Http2Answer {
    private final Http2Connection connection;
    private final int stream;

    private Http2Headers head;
    private Http2Headers trailers;
    private ByteBuffer piece;
    private boolean over;
    private KubeletFailure failure;

    Http2Answer(Http2Connection connection, int stream) {
        this.connection = connection;
        this.stream = stream;
    }

    /** The headers that come before the body. */
    Http2Headers head() {
        while (head == null && !over) {
            connection.takeNext();
        }
        throwFailure();
        if (head == null) {
            throw new KubeletFailure(GrpcStatus.INTERNAL, "the answer has no headers");
        }
        return head;
    }

    /** More of the body, to be read before there is more again; null after its end. */
    ByteBuffer more() {
        piece = null;
        while (piece == null && !over) {
            connection.takeNext();
        }
        throwFailure();
        return piece;
    }

    /** The headers that came after the body; null where none did. */
    Http2Headers trailers() {
        return trailers;
    }

    private void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }

    int stream() {
        return stream;
    }

    boolean hasBegun() {
        return head != null;
    }

    boolean isOver() {
        return over;
    }

    void takeHeaders(Http2Headers headers, boolean last) {
        over = last;
        if (head != null) {
            trailers = headers;
        } else if (!isProvisional(headers)) {
            head = headers;
        }
    }

    private static boolean isProvisional(Http2Headers headers) {
        return headers.status() != null && headers.status().toString().startsWith("1");
    }

    void takeData(ByteBuffer data, boolean last) {
        over = last;
        piece = data;
    }

    /** Nothing more comes, or nobody waits for it. */
    void end() {
        over = true;
    }

    void fail(GrpcStatus status, String why) {
        over = true;
        failure = new KubeletFailure(status, why);
    }
}
