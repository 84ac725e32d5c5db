package dev.gpuexporter.kubernetes;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A connection to a socket file on which nothing waits longer than until a time that is set before. */
final class TimedSocket implements AutoCloseable {
    private final SocketChannel channel;
    private final Selector selector;
    private final SelectionKey key;
    private long deadline = System.nanoTime();

    private TimedSocket(SocketChannel channel) throws IOException {
        this.channel = channel;
        selector = Selector.open();
        key = channel.register(selector, 0);
    }

    /** Does not wait: a server that lets too many others wait refuses this one. */
    static TimedSocket connect(Path file) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            if (!channel.connect(UnixDomainSocketAddress.of(file))) {
                throw new IOException("too many others wait to be connected");
            }
            return new TimedSocket(channel);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /** @param nanoTime by the system's clock of that name */
    void waitUntil(long nanoTime) {
        deadline = nanoTime;
    }

    /**
     * Reads at least a byte.
     *
     * @throws KubeletFailure where none comes in time
     * @throws EOFException where the other side has closed the connection
     */
    void read(ByteBuffer into) throws IOException {
        while (!readWhatIsThere(into)) {
            await(SelectionKey.OP_READ);
        }
    }

    /** Whether that was anything; waits for nothing, but what comes without end is read until the time is over, too. */
    boolean readWhatIsThere(ByteBuffer into) throws IOException {
        nanosLeft();
        int bytes = channel.read(into);
        if (bytes < 0) {
            throw new EOFException("the connection was closed");
        }
        return bytes > 0;
    }

    /**
     * Writes all of it.
     *
     * @throws KubeletFailure where the other side does not take it in time
     */
    void write(ByteBuffer all) throws IOException {
        channel.write(all);
        while (all.hasRemaining()) {
            await(SelectionKey.OP_WRITE);
            channel.write(all);
        }
    }

    private void await(int operation) throws IOException {
        key.interestOps(operation);
        selector.select(ready -> {}, TimeUnit.NANOSECONDS.toMillis(nanosLeft()) + 1);
        if (Thread.currentThread().isInterrupted()) {
            throw new KubeletFailure(GrpcStatus.CANCELLED, "interrupted");
        }
    }

    private long nanosLeft() {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new KubeletFailure(GrpcStatus.DEADLINE_EXCEEDED, "");
        }
        return left;
    }

    @Override
    public void close() throws IOException {
        try (selector;
                channel) {
            key.cancel();
        }
    }
}
