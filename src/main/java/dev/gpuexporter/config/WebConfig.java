package dev.gpuexporter.config;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a web configuration file says, checked, with the certificates that it names.
 *
 * @param http2 whether it is offered, which takes TLS
 * @param headers that every answer has
 * @param users the bcrypt hash of each one's password; where there are none, nobody is asked for one
 */
public record WebConfig(Optional<Tls> tls, boolean http2, Map<String, String> headers, Map<String, String> users) {
    /** Without a file: neither TLS nor users. */
    public static final WebConfig OPEN = new WebConfig(Optional.empty(), true, Map.of(), Map.of());

    /**
     * How connections are encrypted.
     *
     * @param chain the server's certificate, then those that lead to its root
     * @param key of that certificate
     * @param clientCas who may have signed clients' certificates; empty where nobody verifies them
     * @param clientSans one of these names a client's certificate must have; empty for any
     * @param protocols as Java calls them: TLSv1.2, TLSv1.3
     * @param cipherSuites those of TLS 1.2; empty for Java's own choice
     */
    public record Tls(
            List<X509Certificate> chain,
            PrivateKey key,
            ClientAuth clientAuth,
            List<X509Certificate> clientCas,
            Set<String> clientSans,
            List<String> protocols,
            List<String> cipherSuites) {}

    /** What is asked of clients: Go's names, which the file has. */
    public enum ClientAuth {
        NO_CLIENT_CERT("NoClientCert"),
        REQUEST_CLIENT_CERT("RequestClientCert"),
        REQUIRE_ANY_CLIENT_CERT("RequireAnyClientCert"),
        VERIFY_CLIENT_CERT_IF_GIVEN("VerifyClientCertIfGiven"),
        REQUIRE_AND_VERIFY_CLIENT_CERT("RequireAndVerifyClientCert");

        private final String written;

        ClientAuth(String written) {
            this.written = written;
        }

        /** As the file has it. */
        public String written() {
            return written;
        }

        /** Whether a client without a certificate is turned away. */
        public boolean required() {
            return this == REQUIRE_ANY_CLIENT_CERT || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
        }

        /** Whether a certificate that a client has must be signed by one of our authorities. */
        public boolean verified() {
            return this == VERIFY_CLIENT_CERT_IF_GIVEN || this == REQUIRE_AND_VERIFY_CLIENT_CERT;
        }
    }
}
