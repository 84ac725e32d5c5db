package dev.gpuexporter.http;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection by TLS and ALPN that speaks HTTP/2 frame by frame, and means no good: RFC 9113. */
final class RawHttp2 implements AutoCloseable {
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final int PRIORITY = 0x20;

    /** SETTINGS_INITIAL_WINDOW_SIZE 0: not a byte of any body is taken. */
    static final byte[] NO_WINDOW = {0, 4, 0, 0, 0, 0};

    /** The status in HPACK: an entry of its static table. */
    static final int STATUS_200 = 0x88;

    private static final int CANCEL = 8;

    private static final int LONGEST = 1 << 20;

    private final SSLSocket socket;
    private final DataOutputStream out;
    private final DataInputStream in;

    record Frame(int type, int flags, int stream, byte[] payload) {}

    RawHttp2(SSLContext trust, int port) throws IOException {
        socket = (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        if (!socket.getApplicationProtocol().equals("h2")) {
            throw new AssertionError("no HTTP/2 but " + socket.getApplicationProtocol());
        }
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 64 * 1024));
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        send(SETTINGS, 0, 0, new byte[0]);
        flush();
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Asks for a path, in one frame. */
    void get(int stream, String path) throws IOException {
        send(HEADERS, END_STREAM | END_HEADERS, stream, request(path));
    }

    /** A client goes away from what it has just asked for. */
    void reset(int stream) throws IOException {
        send(RST_STREAM, 0, stream, new byte[] {0, 0, 0, CANCEL});
    }

    /** In HPACK: GET, https, the path and the authority, none of them kept in a table (RFC 7541, 6.1 and 6.2.2). */
    static byte[] request(String path) {
        byte[] text = path.getBytes(StandardCharsets.US_ASCII);
        byte[] host = "localhost".getBytes(StandardCharsets.US_ASCII);
        byte[] block = new byte[4 + text.length + 2 + host.length];
        block[0] = (byte) 0x82;
        block[1] = (byte) 0x87;
        block[2] = 0x04;
        block[3] = (byte) text.length;
        System.arraycopy(text, 0, block, 4, text.length);
        block[4 + text.length] = 0x01;
        block[5 + text.length] = (byte) host.length;
        System.arraycopy(host, 0, block, 6 + text.length, host.length);
        return block;
    }

    /** A header of that many bytes, as {@link #request} has them. */
    static byte[] header(String name, int length) {
        byte[] called = name.getBytes(StandardCharsets.US_ASCII);
        byte[] block = new byte[2 + called.length + 3 + length];
        block[1] = (byte) called.length;
        System.arraycopy(called, 0, block, 2, called.length);
        int at = 2 + called.length;
        // An integer with a prefix of seven bits: what is above 127 follows in sevens, the least first.
        block[at] = 0x7f;
        block[at + 1] = (byte) ((length - 127) & 0x7f | 0x80);
        block[at + 2] = (byte) ((length - 127) >> 7);
        Arrays.fill(block, at + 3, block.length, (byte) 'a');
        return block;
    }

    /** The next frame; throws where the server has hung up. */
    Frame read() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        if (length > LONGEST) {
            throw new AssertionError("a frame of " + length);
        }
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, in.readNBytes(length));
    }

    /** Reads all that answers a stream, to its end; the first byte of its headers, which is the status in HPACK. */
    int awaitAnswer(int stream) throws IOException {
        int status = 0;
        Frame frame = read();
        while (!(frame.stream() == stream && (frame.flags() & END_STREAM) != 0 && frame.type() <= HEADERS)) {
            if (frame.stream() == stream && frame.type() == HEADERS) {
                status = firstField(frame);
            }
            if (frame.type() == GOAWAY || frame.type() == RST_STREAM && frame.stream() == stream) {
                throw new IOException("no answer but frame " + frame.type());
            }
            frame = read();
        }
        return status;
    }

    /** What comes before the fields where the sender gives a priority is skipped. */
    static int firstField(Frame headers) {
        return headers.payload()[(headers.flags() & PRIORITY) == 0 ? 0 : 5] & 0xff;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
