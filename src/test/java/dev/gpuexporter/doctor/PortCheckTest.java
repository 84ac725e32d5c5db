package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.config.SettingsLoader.Flag;
import dev.gpuexporter.doctor.Finding.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortCheckTest {
    private static final String HERE = "127.0.0.1";

    @Test
    void isFineWhereThePortIsFree() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
            port = socket.getLocalPort();
        }
        assertThat(check(HERE, port)).isEqualTo(Finding.ok("port", port + " is free"));
    }

    @Test
    void failsWhereSomebodyElseHasIt() throws Exception {
        HttpServer other = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
        other.start();
        try {
            Finding finding = check(HERE, other.getAddress().getPort());
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.text())
                    .isEqualTo(HERE + ":" + other.getAddress().getPort()
                            + " is in use, and no gpu-exporter answers there over HTTP");
            assertThat(finding.remedy()).contains("ss -ltnp", "--listen");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void failsWhereWhoHasItKeepsSilent() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
            assertThat(check(HERE, taken.getLocalPort()).level()).isEqualTo(Level.FAIL);
        }
    }

    @Test
    void isFineWhereTheExporterRunsAlready() throws Exception {
        HttpServer exporter = HttpServer.create(new InetSocketAddress(HERE, 0), 0);
        exporter.createContext("/health", exchange -> {
            byte[] body = "alive, ready\n".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        exporter.start();
        try {
            int port = exporter.getAddress().getPort();
            assertThat(check(HERE, port))
                    .isEqualTo(Finding.ok("port", port + " is in use by a gpu-exporter, which answers"));
        } finally {
            exporter.stop(0);
        }
    }

    @Test
    void failsForAnAddressThatTheNodeDoesNotHave() throws Exception {
        Finding finding = check("192.0.2.1", 0);
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.text()).isEqualTo("192.0.2.1 is no address of this node");
    }

    private static Finding check(String host, int port) {
        List<Flag> flags = List.of(new Flag("--listen", "listen", host + ":" + port));
        return new PortCheck(new SettingsLoader()
                        .load(Optional.empty(), Map.of(), flags)
                        .settings())
                .findings()
                .get(0);
    }
}
