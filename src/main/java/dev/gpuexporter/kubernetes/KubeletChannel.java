package dev.gpuexporter.kubernetes;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * gRPC over HTTP/2 to one socket file, over one connection. All calls wait, and throw {@link KubeletFailure}. For one
 * thread at a time.
 */
final class KubeletChannel implements AutoCloseable {
    /** A path is no authority: strict servers refuse the call. */
    private static final String AUTHORITY = "localhost";

    /** No field is set in any of the requests: what is left are the five bytes in front of the message. */
    private static final byte[] EMPTY_REQUEST = new byte[5];

    private final Path socket;
    private final Duration deadline;
    private final Runnable connected;

    /** Null until the first call. */
    private Http2Connection connection;

    /** Connects with the first call, and again with the next one after the connection broke. */
    KubeletChannel(Path socket, Duration deadline, Runnable connected) {
        this.socket = socket;
        this.deadline = deadline;
        this.connected = connected;
    }

    List<Allocation> list() {
        return call("/v1.PodResourcesLister/List", ListedDevices.V1).allocations();
    }

    Map<String, Set<DeviceId>> allocatable() {
        return call("/v1.PodResourcesLister/GetAllocatableResources", ListedDevices.ALLOCATABLE)
                .byResource();
    }

    List<Allocation> listV1alpha1() {
        return call("/v1alpha1.PodResourcesLister/List", ListedDevices.V1ALPHA1).allocations();
    }

    private <R> R call(String method, PieceByPiece<?, R> reader) {
        long until = System.nanoTime() + deadline.toNanos();
        Http2Connection kept = connection;
        try {
            return call(method, reader, until);
        } catch (KubeletFailure failed) {
            if (kept != null && connection == kept && kept.isGoneUnanswered()) { // since the call before
                return call(method, reader, until);
            }
            throw failed;
        }
    }

    private <R> R call(String method, PieceByPiece<?, R> reader, long until) {
        Http2Connection open = connection(until);
        try {
            return new GrpcAnswer(open.ask(headers(method), EMPTY_REQUEST)).read(reader);
        } finally {
            open.giveUp();
        }
    }

    private Http2Connection connection(long until) {
        if (connection != null) {
            connection.waitUntil(until);
            if (connection.isUsable(EMPTY_REQUEST.length)) {
                return connection;
            }
            close();
        }
        connection = Http2Connection.to(socket);
        connection.waitUntil(until);
        connected.run();
        return connection;
    }

    private byte[] headers(String method) {
        return hpack(
                ":method",
                "POST",
                ":scheme",
                "http",
                ":path",
                method,
                ":authority",
                AUTHORITY,
                "content-type",
                "application/grpc",
                "te",
                "trailers",
                "user-agent",
                "gpu-exporter",
                "grpc-timeout",
                deadline.toMillis() + "m");
    }

    /** Headers that neither side remembers, each text with its length in seven bits (RFC 7541, section 6.2.2). */
    private static byte[] hpack(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            if (i % 2 == 0) {
                block.write(0);
            }
            byte[] text = namesAndValues[i].getBytes(StandardCharsets.US_ASCII);
            block.write(text.length);
            block.writeBytes(text);
        }
        return block.toByteArray();
    }

    @Override
    public void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
