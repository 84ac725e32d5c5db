package dev.gpuexporter.doctor;

import dev.gpuexporter.config.ListenAddress;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.doctor.RunningHere.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Whether the exporter can listen where it should, or already does. */
final class PortCheck {
    static final String TOPIC = "port";

    private final ListenAddress address;
    private final Settings settings;

    PortCheck(Settings settings) {
        this.address = settings.listen();
        this.settings = settings;
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
            return inUse();
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

    /** By whom: first as the settings say, then by TLS, of which the doctor may not have been told. */
    private Finding inUse() {
        Answer told = health(RunningHere.onItsPort(settings));
        Answer answer = isAlive(told) ? told : health(RunningHere.byTls(settings));
        if (isAlive(answer)) {
            return Finding.ok(
                    TOPIC,
                    address.port() + " is in use by a gpu-exporter, which answers"
                            + (answer.url().startsWith("https") ? " by TLS" : ""));
        }
        if (answer.refusesTls()) {
            return isAlive(health(RunningHere.forProbes(settings)))
                    ? Finding.ok(TOPIC, address.port() + " is in use by a gpu-exporter, which answers probes")
                    : Finding.warn(
                            TOPIC,
                            address + " is in use by who speaks TLS, and not with the doctor: a gpu-exporter that wants"
                                    + " client certificates, or another",
                            "set web.probe-listen, where the exporter answers without; or see who listens there (ss -ltnp)");
        }
        return Finding.fail(
                TOPIC,
                address + " is in use, and no gpu-exporter answers there over HTTP",
                "see who listens there (ss -ltnp), or listen elsewhere: --listen, GPU_EXPORTER_LISTEN");
    }

    private static boolean isAlive(Answer answer) {
        return answer.text().startsWith("alive");
    }

    private static Answer health(RunningHere running) {
        try {
            return running.ask("/health");
        } catch (IOException silent) {
            return new Answer("", 0, String.valueOf(silent.getMessage()));
        }
    }
}
