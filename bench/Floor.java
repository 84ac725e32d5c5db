package bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A server with one page that never changes, on one thread as the exporter's: what the same clients would see of a
 * server that has nothing to do. Whatever is slow here is the machine.
 */
final class Floor implements Closeable {
    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final byte[] answer;
    private final int port;

    Floor(String page) throws IOException {
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        answer = ("HTTP/1.1 200 OK\r\ncontent-length: " + body.length + "\r\n\r\n" + page)
                .getBytes(StandardCharsets.UTF_8);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        Thread thread = new Thread(this::serve, "floor");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return port;
    }

    private void serve() {
        try {
            while (server.isOpen()) {
                selector.select();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isAcceptable()) {
                        accept();
                    } else {
                        answer(key);
                    }
                }
                selector.selectedKeys().clear();
            }
        } catch (ClosedSelectorException e) {
            // closed
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() throws IOException {
        SocketChannel client = server.accept();
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        client.configureBlocking(false).register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(1024));
    }

    /** Clients send one request at a time, in one piece, and read while we write. */
    private void answer(SelectionKey key) throws IOException {
        SocketChannel client = (SocketChannel) key.channel();
        if (client.read(((ByteBuffer) key.attachment()).clear()) < 0) {
            client.close();
            return;
        }
        ByteBuffer out = ByteBuffer.wrap(answer);
        while (out.hasRemaining()) {
            client.write(out);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        selector.close();
    }
}
