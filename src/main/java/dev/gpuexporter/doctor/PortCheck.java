package dev.gpuexporter.doctor;

import dev.gpuexporter.config.ListenAddress;
import dev.gpuexporter.config.Settings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Whether the exporter can listen where it should, or already does. */
final class PortCheck {
    static final String TOPIC = "port";

    private final ListenAddress address;
    private final RunningHere running;

    PortCheck(Settings settings) {
        this.address = settings.listen();
        this.running = RunningHere.onItsPort(settings);
    }

    List<Finding> findings() {
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

    private Finding refused(String why) {
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

    private boolean weAnswer() {
        try {
            return running.ask("/health").text().startsWith("alive");
        } catch (IOException silent) {
            return false;
        }
    }
}
