package dev.gpuexporter.kubernetes;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Frames of HTTP/2 over a socket (RFC 9113, section 4), one at a time. */
final class Http2Frames implements AutoCloseable {
    static final int DATA = 0x0;
    static final int HEADERS = 0x1;
    static final int RST_STREAM = 0x3;
    static final int SETTINGS = 0x4;
    static final int PUSH_PROMISE = 0x5;
    static final int PING = 0x6;
    static final int GOAWAY = 0x7;
    static final int WINDOW_UPDATE = 0x8;
    static final int CONTINUATION = 0x9;

    static final int ACK = 0x1;
    static final int END_STREAM = 0x1;
    static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;

    private static final int HEAD_BYTES = 9;
    private static final int PRIORITY_BYTES = 5;

    /** What a side may send that was told nothing else. */
    private static final int LARGEST_PAYLOAD = 16_384;

    private final TimedSocket socket;
    private final ByteBuffer in =
            ByteBuffer.allocateDirect(HEAD_BYTES + LARGEST_PAYLOAD).limit(0);
    private final ByteBuffer out = ByteBuffer.allocateDirect(1024);

    private ByteBuffer payload = ByteBuffer.allocate(0);
    private int payloadBytes;
    private int type;
    private int flags;
    private int stream;

    Http2Frames(TimedSocket socket) {
        this.socket = socket;
    }

    /** Takes the next frame; the one before, and its payload, is over with it. */
    void next() throws IOException {
        while (!nextIsThere()) {
            in.compact();
            try {
                socket.read(in);
            } finally { // what is there of a frame stays, whoever reads on
                in.flip();
            }
        }
        take();
    }

    /** Takes the next frame if all of it has come; waits for nothing. */
    boolean nextOfWhatCame() throws IOException {
        boolean more = true;
        while (!nextIsThere() && more) {
            in.compact();
            try {
                more = socket.readWhatIsThere(in);
            } finally {
                in.flip();
            }
        }
        if (more) {
            take();
        }
        return more;
    }

    private boolean nextIsThere() throws IOException {
        if (in.remaining() < HEAD_BYTES) {
            return false;
        }
        int length = length();
        if (length > LARGEST_PAYLOAD) {
            throw new IOException("a frame of " + length + " bytes, or no HTTP/2");
        }
        return in.remaining() >= HEAD_BYTES + length;
    }

    private int length() {
        return in.getInt(in.position()) >>> 8;
    }

    private void take() throws IOException {
        payloadBytes = length();
        type = in.get(in.position() + 3);
        flags = in.get(in.position() + 4);
        stream = in.getInt(in.position() + 5) & Integer.MAX_VALUE;
        payload = in.slice(in.position() + HEAD_BYTES, payloadBytes);
        in.position(in.position() + HEAD_BYTES + payloadBytes);
        if ((type == DATA || type == HEADERS) && has(PADDED)) {
            int padding = least(payload, 1).get() & 0xff;
            payload.limit(least(payload, padding).limit() - padding);
        }
        if (type == HEADERS && has(PRIORITY)) {
            least(payload, PRIORITY_BYTES).position(payload.position() + PRIORITY_BYTES);
        }
    }

    int type() {
        return type;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    int stream() {
        return stream;
    }

    /** With its padding, which counts for windows. */
    int payloadBytes() {
        return payloadBytes;
    }

    /** What is said in it, without padding and priority; valid until the next frame. */
    ByteBuffer payload() {
        return payload;
    }

    /** The same, of a frame that is not right with fewer bytes. */
    ByteBuffer payload(int least) throws IOException {
        return least(payload, least);
    }

    private static ByteBuffer least(ByteBuffer payload, int bytes) throws IOException {
        if (payload.remaining() < bytes) {
            throw new IOException("a frame that is too short");
        }
        return payload;
    }

    /** Kept until {@link #flush}. */
    void add(int type, int flags, int stream, byte... payload) {
        out.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    }

    /** As {@link #add}, of a payload of one number. */
    void add(int type, int stream, int number) {
        out.putInt(Integer.BYTES << 8 | type).put((byte) 0).putInt(stream).putInt(number);
    }

    void add(byte... bytes) {
        out.put(bytes);
    }

    /** A frame of which a part was sent leaves nothing that could be sent after it: whoever fails here closes. */
    void flush() throws IOException {
        try {
            socket.write(out.flip());
        } finally {
            out.clear();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
