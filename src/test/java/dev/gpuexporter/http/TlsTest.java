package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.testing.Certificates;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real handshakes, by the web configuration file. */
@Timeout(60)
class TlsTest {
    private static final String TLS = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

    @TempDir
    private static Path directory;

    private static Certificates certificates;

    @BeforeAll
    static void make() {
        certificates = Certificates.ofRsa(directory)
                .server("server")
                .authority("ca")
                .client("prometheus", "ca", "prometheus.example")
                .client("other", "ca", "other.example")
                .server("stranger");
    }

    private static RunningExporter serving(String webConfig, String... more) throws IOException {
        Path file = Files.writeString(Files.createTempFile(directory, "web", ".yml"), webConfig);
        Map<String, String> keys = more.length == 0
                ? Map.of("web.config-file", file.toString())
                : Map.of("web.config-file", file.toString(), more[0], more[1]);
        return RunningExporter.set(RunningExporter.scenario("t4"), keys);
    }

    private static HttpResponse<String> get(HttpClient http, RunningExporter exporter, String path)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create("https://" + exporter.address() + path))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void servesByHttp2AndByHttp1() throws Exception {
        try (RunningExporter exporter = serving(TLS)) {
            HttpResponse<String> two = get(certificates.http("server"), exporter, "/metrics");
            assertThat(two.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(two.body())
                    .contains("\ngpu_up{", "\ngpu_exporter_certificate_expiry_timestamp_seconds ")
                    .contains("\ngpu_exporter_web_config_reloads_total{outcome=\"refused\"} 0");
            HttpClient old = HttpClient.newBuilder()
                    .sslContext(certificates.trusting("server"))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
            assertThat(get(old, exporter, "/metrics").version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(get(old, exporter, "/-/ready").body()).isEqualTo("ready\n");
        }
    }

    @Test
    void offersNoHttp2WhereItIsOff() throws Exception {
        try (RunningExporter exporter = serving(TLS + "http_server_config:\n  http2: false\n")) {
            assertThat(get(certificates.http("server"), exporter, "/").version())
                    .isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }

    @Test
    void putsItsHeadersOnEveryAnswer() throws Exception {
        try (RunningExporter exporter = serving(
                TLS + "http_server_config:\n  headers:\n    X-Frame-Options: deny\n    X-XSS-Protection: ''\n")) {
            HttpClient http = certificates.http("server");
            for (String path : new String[] {"/metrics", "/", "/-/healthy", "/nothing"}) {
                assertThat(get(http, exporter, path).headers().map())
                        .containsKey("x-frame-options")
                        .doesNotContainKey("x-xss-protection");
            }
        }
    }

    @Test
    void isNotTrustedByWhoTrustsAnother() throws Exception {
        try (RunningExporter exporter = serving(TLS)) {
            assertThatThrownBy(() -> get(certificates.http("stranger"), exporter, "/metrics"))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"TLS12, TLS13, TLSv1.2 TLSv1.3", "TLS12, TLS12, TLSv1.2", "TLS13, TLS13, TLSv1.3"})
    void speaksTheVersionsOfItsRange(String least, String most, String spoken) throws Exception {
        try (RunningExporter exporter = serving(TLS + "  min_version: " + least + "\n  max_version: " + most + "\n")) {
            for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
                if (spoken.contains(version)) {
                    assertThat(handshake(exporter, version)).startsWith("TLS_");
                } else {
                    assertThatThrownBy(() -> handshake(exporter, version)).isInstanceOf(IOException.class);
                }
            }
        }
    }

    @Test
    void takesTheCipherSuitesOfItsListForTls12() throws Exception {
        String suite = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
        try (RunningExporter exporter = serving(TLS + "  cipher_suites:\n    - " + suite + "\n")) {
            assertThat(handshake(exporter, "TLSv1.2")).isEqualTo(suite);
            assertThat(handshake(exporter, "TLSv1.3")).startsWith("TLS_AES_");
        }
    }

    private static String handshake(RunningExporter exporter, String version) throws IOException {
        SSLContext context = certificates.trusting("server");
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", exporter.port())) {
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    /** Java's own client would not even ask: RFC 4346, a ClientHello of TLS 1.1 without extensions. */
    @Test
    void refusesTls11() throws Exception {
        ByteBuffer hello = ByteBuffer.allocate(5 + 4 + 2 + 32 + 1 + 2 + 4 + 2);
        hello.put((byte) 22).putShort((short) 0x0301).putShort((short) (hello.capacity() - 5));
        hello.put((byte) 1).put((byte) 0).putShort((short) (hello.capacity() - 9));
        hello.putShort((short) 0x0302).put(new byte[32]).put((byte) 0);
        hello.putShort((short) 4).putShort((short) 0xc014).putShort((short) 0x002f);
        hello.put((byte) 1).put((byte) 0);
        try (RunningExporter exporter = serving(TLS);
                Socket socket = new Socket("127.0.0.1", exporter.port())) {
            socket.getOutputStream().write(hello.array());
            byte[] answer = new byte[7];
            new DataInputStream(socket.getInputStream()).readFully(answer);
            assertThat(answer[0]).as("an alert").isEqualTo((byte) 21);
            assertThat(answer[5]).as("fatal").isEqualTo((byte) 2);
            assertThat(answer[6]).as("protocol_version").isEqualTo((byte) 70);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NoClientCert,               '',           true",
        "NoClientCert,               stranger,     true",
        "RequestClientCert,          '',           true",
        "RequestClientCert,          stranger,     true",
        "RequireAnyClientCert,       '',           false",
        "RequireAnyClientCert,       stranger,     true",
        "VerifyClientCertIfGiven,    '',           true",
        "VerifyClientCertIfGiven,    prometheus,   true",
        "VerifyClientCertIfGiven,    stranger,     false",
        "RequireAndVerifyClientCert, '',           false",
        "RequireAndVerifyClientCert, stranger,     false",
        "RequireAndVerifyClientCert, prometheus,   true",
        "RequireAndVerifyClientCert, other,        true",
    })
    void asksClientsForTheirCertificates(String type, String client, boolean letIn) throws Exception {
        String authority = type.contains("Verify") ? "  client_ca_file: ca.crt\n" : "";
        try (RunningExporter exporter = serving(TLS + "  client_auth_type: " + type + "\n" + authority)) {
            assertLetIn(exporter, client, letIn);
        }
    }

    @ParameterizedTest
    @CsvSource({"prometheus, true", "other, false"})
    void takesNoOtherNamesThanThoseAllowed(String client, boolean letIn) throws Exception {
        try (RunningExporter exporter = serving(TLS + "  client_auth_type: RequireAndVerifyClientCert\n"
                + "  client_ca_file: ca.crt\n  client_allowed_sans: [prometheus.example]\n")) {
            assertLetIn(exporter, client, letIn);
        }
    }

    private static void assertLetIn(RunningExporter exporter, String client, boolean letIn) throws Exception {
        HttpClient http = client.isEmpty() ? certificates.http("server") : certificates.http("server", client);
        if (letIn) {
            assertThat(get(http, exporter, "/metrics").statusCode()).isEqualTo(200);
        } else {
            assertThatThrownBy(() -> get(http, exporter, "/metrics")).isInstanceOf(IOException.class);
        }
    }

    /** A kubelet has no certificate: it asks on the port that has nothing else. */
    @ParameterizedTest
    @ValueSource(strings = {"/-/healthy", "/-/ready", "/health"})
    void answersProbesWithoutTlsOnAPortOfTheirOwn(String path) throws Exception {
        int port = freePort();
        try (RunningExporter exporter = serving(
                TLS + "  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n",
                "web.probe-listen",
                "127.0.0.1:" + port)) {
            assertThat(exporter.port()).isNotEqualTo(port);
            HttpClient http = HttpClient.newHttpClient();
            URI here = URI.create("http://127.0.0.1:" + port);
            assertThat(http.send(HttpRequest.newBuilder(here.resolve(path)).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            for (String closed : new String[] {"/metrics", "/"}) {
                assertThat(http.send(
                                        HttpRequest.newBuilder(here.resolve(closed))
                                                .build(),
                                        BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(404);
            }
        }
    }

    private static int freePort() throws IOException {
        try (java.net.ServerSocket socket = new java.net.ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
