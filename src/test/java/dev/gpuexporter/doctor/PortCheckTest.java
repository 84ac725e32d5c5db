package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.config.SettingsLoader.Flag;
import dev.gpuexporter.doctor.Finding.Level;
import dev.gpuexporter.testing.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortCheckTest {
    private static final String HERE = "127.0.0.1";

    @TempDir
    private Path directory;

    @Test
    void isFineWhereThePortIsFree() throws Exception {
        int port = freePort();
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

    /** With the exporter's configuration, and without: on a machine, somebody may not have thought of it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void knowsAnExporterThatWantsTlsAndPasswords(boolean told) throws Exception {
        String web = web("NoClientCert");
        try (RunningExporter exporter = exporter(Map.of("web.config-file", web))) {
            int port = exporter.port();
            assertThat(told ? check(HERE, port, "web.config-file", web) : check(HERE, port))
                    .isEqualTo(Finding.ok("port", port + " is in use by a gpu-exporter, which answers by TLS"));
        }
    }

    @Test
    void doesNotCallAStrangerWhatWantsACertificate() throws Exception {
        String web = web("RequireAndVerifyClientCert");
        try (RunningExporter exporter = exporter(Map.of("web.config-file", web))) {
            for (Finding finding :
                    List.of(check(HERE, exporter.port(), "web.config-file", web), check(HERE, exporter.port()))) {
                assertThat(finding.level()).isEqualTo(Level.WARN);
                assertThat(finding.text())
                        .isEqualTo(HERE + ":" + exporter.port() + " is in use by who speaks TLS, and not with the"
                                + " doctor: a gpu-exporter that wants client certificates, or another");
                assertThat(finding.remedy()).contains("web.probe-listen");
            }
        }
    }

    @Test
    void knowsAnExporterThatWantsACertificateByItsProbes() throws Exception {
        String web = web("RequireAndVerifyClientCert");
        String probes = HERE + ":" + freePort();
        try (RunningExporter exporter = exporter(Map.of("web.config-file", web, "web.probe-listen", probes))) {
            int port = exporter.port();
            assertThat(check(HERE, port, "web.config-file", web, "web.probe-listen", probes))
                    .isEqualTo(Finding.ok("port", port + " is in use by a gpu-exporter, which answers probes"));
        }
    }

    @Test
    void failsWhereSomebodyElseHasItByTls() throws Exception {
        HttpsServer other = HttpsServer.create(new InetSocketAddress(HERE, 0), 0);
        other.setHttpsConfigurator(new HttpsConfigurator(certificates().serving()));
        other.start();
        try {
            Finding finding = check(HERE, other.getAddress().getPort());
            assertThat(finding.level()).isEqualTo(Level.FAIL);
            assertThat(finding.text()).endsWith(" is in use, and no gpu-exporter answers there over HTTP");
        } finally {
            other.stop(0);
        }
    }

    private Certificates certificates() {
        return new Certificates(directory).server("server").authority("ca");
    }

    private String web(String clientAuth) throws IOException {
        certificates();
        String authority = clientAuth.contains("Verify") ? "  client_ca_file: ca.crt\n" : "";
        return Files.writeString(directory.resolve("web.yml"), """
                tls_server_config:
                  cert_file: server.crt
                  key_file: server.key
                  client_auth_type: %s
                %sbasic_auth_users:
                  prometheus: $2y$10$raMeFytvVH5PhJ4WiN1mGemcHoVcIivUw9Jp5zeMnx0E5PQWSLxLC
                """.formatted(clientAuth, authority))
                .toString();
    }

    private static RunningExporter exporter(Map<String, String> keys) {
        return RunningExporter.set(RunningExporter.scenario("t4"), keys);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
            return socket.getLocalPort();
        }
    }

    @Test
    void failsForAnAddressThatTheNodeDoesNotHave() throws Exception {
        Finding finding = check("192.0.2.1", 0);
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.text()).isEqualTo("192.0.2.1 is no address of this node");
    }

    /** @param more keys of the configuration, and their values */
    private static Finding check(String host, int port, String... more) {
        List<Flag> flags = new ArrayList<>(List.of(new Flag("--listen", "listen", host + ":" + port)));
        for (int i = 0; i < more.length; i += 2) {
            flags.add(new Flag(more[i], more[i], more[i + 1]));
        }
        return new PortCheck(new SettingsLoader()
                        .load(Optional.empty(), Map.of(), flags)
                        .settings())
                .findings()
                .get(0);
    }
}
