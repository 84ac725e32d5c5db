package dev.gpuexporter.doctor;

import dev.gpuexporter.config.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** Whether the exporter can listen where it should, or already does. */
final class PortCheck {
    static final String TOPIC = "port";

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ListenAddress address;

    PortCheck(ListenAddress address) {
        this.address = address;
    }

    List<Finding> findings() throws InterruptedException {
        InetSocketAddress wanted = new InetSocketAddress(address.host(), address.port());
        if (wanted.isUnresolved()) {
            return List.of(noSuchAddress());
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // as the server does: what is left of an earlier one does not count
            socket.bind(wanted);
            return List.of(Finding.ok(TOPIC, address.port() + " is free"));
        } catch (IOException e) {
            return List.of(refused(String.valueOf(e.getMessage())));
        }
    }

    private Finding refused(String why) throws InterruptedException {
        if (why.contains("in use")) {
            return weAnswer()
                    ? Finding.ok(TOPIC, address.port() + " is in use by a gpu-exporter, which answers")
                    : Finding.fail(
                            TOPIC,
                            address + " is in use, and no gpu-exporter answers there over HTTP",
                            "see who listens there (ss -ltnp), or listen elsewhere: --listen, GPU_EXPORTER_LISTEN");
        }
        if (why.contains("assign")) {
            return noSuchAddress();
        }
        return Finding.fail(
                TOPIC, address + ": " + why, "listen elsewhere: --listen, GPU_EXPORTER_LISTEN, or the key listen");
    }

    private Finding noSuchAddress() {
        return Finding.fail(
                TOPIC,
                address.host() + " is no address of this node",
                "listen on one that is, or on 0.0.0.0 for all of them");
    }

    private boolean weAnswer() throws InterruptedException {
        String host = new InetSocketAddress(address.host(), 0).getAddress().isAnyLocalAddress()
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : address.host();
        URI health = URI.create("http://" + new ListenAddress(host, address.port()) + "/health");
        try {
            return HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .build()
                    .send(HttpRequest.newBuilder(health).timeout(PATIENCE).build(), BodyHandlers.ofString())
                    .body()
                    .startsWith("alive");
        } catch (IOException silent) {
            return false;
        }
    }
}
