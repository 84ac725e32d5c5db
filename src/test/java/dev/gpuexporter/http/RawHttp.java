package dev.gpuexporter.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One exchange, byte by byte as it goes over the wire: HTTP clients hide bodies that must not be there. */
record RawHttp(String statusLine, Map<String, String> headers, String body) {
    private static final int PATIENCE_MILLIS = 20_000;

    static RawHttp exchange(int port, String requestLine, String... headers) {
        List<String> lines =
                new ArrayList<>(List.of(requestLine + " HTTP/1.1", "Host: localhost", "Connection: close"));
        lines.addAll(List.of(headers));
        String request = String.join("\r\n", lines) + "\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return of(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawHttp of(String response) {
        int end = response.indexOf("\r\n\r\n");
        String[] head = response.substring(0, end).split("\r\n");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 1; i < head.length; i++) {
            String[] header = head[i].split(": ?", 2);
            headers.put(header[0], header[1]);
        }
        return new RawHttp(head[0], headers, response.substring(end + 4));
    }
}
