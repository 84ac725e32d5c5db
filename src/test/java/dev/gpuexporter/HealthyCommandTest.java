package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Certificates;
import dev.gpuexporter.testing.MainProcess;
import dev.gpuexporter.testing.MainProcess.Ended;
import dev.gpuexporter.testing.Said;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthyCommandTest {
    @TempDir
    private Path directory;

    @Test
    void findsTheExporterThatRunsHere() throws Exception {
        int port = freePort();
        Map<String, String> everywhere = Map.of("GPU_EXPORTER_LISTEN", "0.0.0.0:" + port);
        try (MainProcess exporter = MainProcess.start(everywhere, "--simulate", "t4")) {
            exporter.awaitError("http://localhost:" + port + "/");
            Ended ended = MainProcess.run(everywhere, "healthy");
            assertThat(ended.output()).isEqualTo("http://127.0.0.1:" + port + "/-/healthy: alive\n");
            assertThat(ended.errors()).isEmpty();
            assertThat(ended.exitCode()).isZero();
        }
        Ended after = MainProcess.run(everywhere, "healthy");
        assertThat(after.errors())
                .containsExactly("gpu-exporter: http://127.0.0.1:" + port + "/-/healthy: Connection refused");
        assertThat(after.output()).isEmpty();
        assertThat(after.exitCode()).isEqualTo(1);
    }

    @Test
    void asksByTlsWhereTheWebConfigurationHasIt() throws Exception {
        new Certificates(directory).server("server");
        Path web = directory.resolve("web.yml");
        Files.writeString(web, "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n");
        int port = freePort();
        Map<String, String> secured =
                Map.of("GPU_EXPORTER_LISTEN", "127.0.0.1:" + port, "GPU_EXPORTER_WEB_CONFIG_FILE", web.toString());
        try (MainProcess exporter = MainProcess.start(secured, "--simulate", "t4")) {
            exporter.awaitError("https://127.0.0.1:" + port + "/");
            assertThat(MainProcess.run(secured, "healthy").output())
                    .isEqualTo("https://127.0.0.1:" + port + "/-/healthy: alive\n");
            Files.writeString(web, "tls_server_config:\n  cert_file: gone.crt\n  key_file: server.key\n");
            assertThat(MainProcess.run(secured, "healthy").exitCode())
                    .as("what serves well is not restarted for a file that is broken now")
                    .isZero();
        }
        Ended start = MainProcess.run(secured, "--simulate", "t4");
        assertThat(start.exitCode()).isEqualTo(2);
        assertThat(start.errors())
                .contains("gpu-exporter: tls_server_config.cert_file: \"gone.crt\" cannot be read: no such file"
                        + " (web.yml: 2); name a file in PEM");
    }

    /** Time and again: how far the client gets before it hears of it differs. */
    @RepeatedTest(5)
    void saysThatAClientCertificateMayBeWanted() throws Exception {
        new Certificates(directory).server("server").authority("ca");
        Path web = Files.writeString(directory.resolve("web.yml"), """
                tls_server_config:
                  cert_file: server.crt
                  key_file: server.key
                  client_auth_type: RequireAndVerifyClientCert
                  client_ca_file: ca.crt
                """);
        try (RunningExporter exporter =
                RunningExporter.set(RunningExporter.scenario("t4"), Map.of("web.config-file", web.toString()))) {
            Said said = healthy("--listen", exporter.address(), "--web.config.file", web.toString());
            assertThat(said.errorLines())
                    .filteredOn(line -> line.startsWith("gpu-exporter: ")) // the exporter's log goes there, too
                    .singleElement()
                    .asString()
                    .matches("gpu-exporter: https://" + exporter.address() + "/-/healthy: TLS (is refused|broke off)"
                            + " \\(.+\\); where it wants client certificates, set web\\.probe-listen");
            assertThat(said.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void readsWhereItListensFromTheFileToo() throws Exception {
        Path file = Files.writeString(directory.resolve("exporter.conf"), "listen = \"127.0.0.1:" + freePort() + "\"");
        assertThat(healthy("--config", file.toString()).errors()).contains("Connection refused");
    }

    @Test
    void waitsTwoSecondsForOneThatHangs() throws Exception {
        try (ServerSocket silent = listener()) {
            long start = System.nanoTime();
            Said said = healthy("--listen", "127.0.0.1:" + silent.getLocalPort());
            assertThat(said.errorLines())
                    .containsExactly("gpu-exporter: http://127.0.0.1:" + silent.getLocalPort()
                            + "/-/healthy: no answer within 2 s");
            assertThat(said.exitCode()).isEqualTo(1);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(8));
        }
    }

    @Test
    void takesNoOtherAnswerThan200() throws Exception {
        assertThat(answeredWith("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n"))
                .endsWith("/-/healthy: 503\n");
        assertThat(answeredWith("HTTP/1.1 302 Found\r\nLocation: /\r\nConnection: close\r\n\r\n"))
                .endsWith("/-/healthy: 302\n");
        assertThat(answeredWith("SSH-2.0-OpenSSH_9.2\r\n")).endsWith("/-/healthy: what answers does not speak HTTP\n");
    }

    @Test
    void refusesAnAddressThatCannotBeMeant() {
        Said said = healthy("--listen", "localhost:94000");
        assertThat(said.errorLines()).containsExactly("gpu-exporter: --listen: port 94000 is not between 1 and 65535");
        assertThat(said.exitCode()).isEqualTo(2);
    }

    /** What is said of a server that answers each connection with this. */
    private static String answeredWith(String answer) throws IOException {
        try (ServerSocket server = listener()) {
            CompletableFuture<Void> served = CompletableFuture.runAsync(() -> answer(server, answer));
            Said said = healthy("--listen", "127.0.0.1:" + server.getLocalPort());
            assertThat(said.exitCode()).isEqualTo(1);
            assertThat(said.output()).isEmpty();
            server.close();
            served.join();
            return said.errors();
        }
    }

    private static void answer(ServerSocket server, String answer) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().read();
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (IOException closed) {
                // the test is over, or the client has heard enough
            }
        }
    }

    private static ServerSocket listener() throws IOException {
        return new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = listener()) {
            return socket.getLocalPort();
        }
    }

    private static Said healthy(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "healthy";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Said.by(() -> Main.run(all));
    }
}
