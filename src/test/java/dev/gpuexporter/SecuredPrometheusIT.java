package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.gpuexporter.testing.Certificates;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Prometheus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes by TLS, with a password and with a certificate of its own. */
@Timeout(90)
class SecuredPrometheusIT {
    @TempDir
    private Path directory;

    @Test
    void isLetInWithPasswordAndCertificate() throws Exception {
        Certificates certificates =
                Certificates.ofRsa(directory).server("server").authority("ca").client("prometheus", "ca", "prometheus");
        Path web = Files.writeString(directory.resolve("web.yml"), """
                tls_server_config:
                  cert_file: server.crt
                  key_file: server.key
                  client_auth_type: RequireAndVerifyClientCert
                  client_ca_file: ca.crt
                  client_allowed_sans: [prometheus]
                basic_auth_users:
                  prometheus: %s
                """.formatted(
                        BCrypt.withDefaults().hashToString(10, "secret".toCharArray())));
        String secured = """
                scheme: https
                tls_config:
                  ca_file: %s
                  cert_file: %s
                  key_file: %s
                basic_auth:
                  username: prometheus
                  password: secret
                """.formatted(
                        certificates.certificate("server"),
                        certificates.certificate("prometheus"),
                        certificates.key("prometheus"));
        Path data = Files.createDirectories(directory.resolve("prometheus"));
        try (RunningExporter exporter = RunningExporter.live("t4", Map.of("web.config-file", web.toString()));
                Prometheus prometheus = Prometheus.scraping(data, "secured", exporter.address(), secured)) {
            Eventually.holds("several scrapes", () -> !prometheus
                    .query("count_over_time(gpu_up{job=\"secured\"}[1m]) > 3")
                    .isEmpty());
            assertThat(prometheus.query("gpu_exporter_http_authentication_failures_total{reason=\"wrong\"} == 0"))
                    .hasSize(1);
        }
    }
}
