package bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A server with one page that never changes, a thread for each connection: what the same clients would see of a server
 * that has nothing to do. Whatever is slow here is the machine.
 */
final class Floor implements Closeable {
    private static final int END_OF_REQUEST = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    private final byte[] answer;

    Floor(String page) throws IOException {
        byte[] body = page.getBytes(StandardCharsets.UTF_8);
        answer = ("HTTP/1.1 200 OK\r\ncontent-length: " + body.length + "\r\n\r\n" + page)
                .getBytes(StandardCharsets.UTF_8);
        start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "floor");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            byte[] chunk = new byte[1024];
            int lastFour = 0;
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                for (int i = 0; i < read; i++) {
                    lastFour = lastFour << 8 | chunk[i];
                    if (lastFour == END_OF_REQUEST) {
                        socket.getOutputStream().write(answer);
                    }
                }
            }
        } catch (IOException e) {
            // the client has gone
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
