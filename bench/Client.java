package bench;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * One scraper with one connection to this machine that it keeps; asks as Prometheus does. It connects when it asks for
 * the first time: the exporter closes a connection that asks for nothing within ten seconds, and one that has asked after
 * two minutes.
 */
final class Client implements Closeable {
    private static final String CONTENT_LENGTH = "content-length: ";

    private final boolean gzip;
    private final SocketAddress server;
    private final Socket socket = new Socket();
    private final byte[] request;
    private byte[] buffer = new byte[256 * 1024];
    private int bodyStart;
    private int bodyEnd;

    Client(int port, boolean gzip) {
        this.gzip = gzip;
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        request = ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain;version=0.0.4\r\n"
                        + "Accept-Encoding: " + (gzip ? "gzip" : "identity") + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Scrapes; nanoseconds from the request's first byte sent until the answer's last byte read. */
    long scrape() throws IOException {
        if (!socket.isConnected()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            socket.connect(server);
        }
        long start = System.nanoTime();
        socket.getOutputStream().write(request);
        int filled = 0;
        int headers = -1;
        while (headers < 0) {
            filled += read(filled);
            headers = endOfHeaders(filled);
        }
        String head = new String(buffer, 0, headers, StandardCharsets.US_ASCII);
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("answered " + head.lines().findFirst().orElse(""));
        }
        bodyStart = headers;
        bodyEnd = headers + contentLength(head);
        if (bodyEnd > buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * bodyEnd);
        }
        while (filled < bodyEnd) {
            filled += read(filled);
        }
        return System.nanoTime() - start;
    }

    private int read(int from) throws IOException {
        int read = socket.getInputStream().read(buffer, from, buffer.length - from);
        if (read < 0) {
            throw new EOFException("the connection was closed");
        }
        return read;
    }

    private int endOfHeaders(int filled) {
        for (int i = 3; i < filled; i++) {
            if (buffer[i] == '\n' && buffer[i - 1] == '\r' && buffer[i - 2] == '\n' && buffer[i - 3] == '\r') {
                return i + 1;
            }
        }
        return -1;
    }

    private static int contentLength(String head) throws IOException {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, CONTENT_LENGTH, 0, CONTENT_LENGTH.length()))
                .mapToInt(line -> Integer.parseInt(line.substring(CONTENT_LENGTH.length())))
                .findFirst()
                .orElseThrow(() -> new IOException("no Content-Length"));
    }

    /** Of the last answer, as it came. */
    int bodyBytes() {
        return bodyEnd - bodyStart;
    }

    /** The last answer's value of a metric without labels; NaN where it has none. */
    double value(String metric) {
        return body().lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    String body() {
        byte[] bytes = Arrays.copyOfRange(buffer, bodyStart, bodyEnd);
        if (gzip) {
            try (InputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                bytes = unzipped.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
