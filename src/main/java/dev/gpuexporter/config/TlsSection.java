package dev.gpuexporter.config;

import dev.gpuexporter.config.WebConfig.ClientAuth;
import dev.gpuexporter.config.WebConfig.Tls;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** The section {@code tls_server_config} of a web configuration file, and the certificates that it names. */
final class TlsSection {
    private static final List<String> VERSIONS = List.of("TLS12", "TLS13");
    private static final List<String> PROTOCOLS = List.of("TLSv1.2", "TLSv1.3");

    private final YamlSection section;
    private final NamedFiles files;

    TlsSection(YamlSection section, NamedFiles files) {
        this.section = section;
        this.files = files;
    }

    Tls read() {
        String inline = "write it to a file, and name that as ";
        section.allowing(
                Set.of(
                        "cert_file",
                        "key_file",
                        "client_auth_type",
                        "client_ca_file",
                        "client_allowed_sans",
                        "min_version",
                        "max_version",
                        "cipher_suites",
                        "prefer_server_cipher_suites"),
                Map.of(
                        "cert", inline + "cert_file",
                        "key", inline + "key_file",
                        "client_ca", inline + "client_ca_file",
                        "curve_preferences",
                                "leave it out: Java takes its curves from the system property jdk.tls.namedGroups"));
        if (!section.isOn("prefer_server_cipher_suites", true)) {
            throw section.problem(
                    "prefer_server_cipher_suites", "false is not supported", "leave it out: the server's order counts");
        }
        List<X509Certificate> chain = pem("cert_file", Pem::certificates)
                .orElseThrow(() -> section.problem("cert_file", "is missing", "name a file in PEM"));
        PrivateKey key = pem("key_file", Pem::key)
                .orElseThrow(() -> section.problem("key_file", "is missing", "name a file in PEM"));
        if (!matches(key, chain.get(0))) {
            throw section.problem(
                    "key_file",
                    "is not the key of the certificate in cert_file",
                    "name the key that "
                            + YamlSection.quoted(
                                    chain.get(0).getSubjectX500Principal().getName()) + " was made with");
        }
        ClientAuth clientAuth = clientAuth();
        return new Tls(
                chain, key, clientAuth, clientCas(clientAuth), clientSans(clientAuth), protocols(), cipherSuites());
    }

    private static boolean matches(PrivateKey key, X509Certificate certificate) {
        try {
            return Pem.match(key, certificate);
        } catch (GeneralSecurityException unusable) {
            return false;
        }
    }

    private ClientAuth clientAuth() {
        Map<String, ClientAuth> types = new LinkedHashMap<>();
        Stream.of(ClientAuth.values()).forEach(type -> types.put(type.written(), type));
        String written = section.text("client_auth_type").orElse(ClientAuth.NO_CLIENT_CERT.written());
        return Optional.ofNullable(types.get(written))
                .orElseThrow(() -> section.problem(
                        "client_auth_type",
                        YamlSection.quoted(written) + " is not known",
                        DidYouMean.among(types.keySet(), written)));
    }

    private List<X509Certificate> clientCas(ClientAuth type) {
        List<X509Certificate> authorities =
                pem("client_ca_file", Pem::certificates).orElse(List.of());
        if (type.verified() && authorities.isEmpty()) {
            throw section.problem(
                    "client_auth_type",
                    type.written() + " needs client_ca_file",
                    "name the certificates of who signs those of your clients");
        }
        if (!type.verified() && !authorities.isEmpty()) {
            throw section.problem(
                    "client_ca_file",
                    "does nothing with client_auth_type " + type.written(),
                    "write client_auth_type: " + ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT.written());
        }
        return authorities;
    }

    /** Without a certificate there is no name; without an authority, anybody can take any. */
    private Set<String> clientSans(ClientAuth type) {
        List<String> names = section.list("client_allowed_sans");
        if (!names.isEmpty() && type != ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT) {
            throw section.problem(
                    "client_allowed_sans",
                    "keeps nobody out with client_auth_type " + type.written(),
                    "write client_auth_type: " + ClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT.written());
        }
        return Set.copyOf(names);
    }

    private List<String> protocols() {
        int least = version("min_version", "TLS12");
        int most = version("max_version", "TLS13");
        if (least > most) {
            throw section.problem("min_version", "is above max_version", "swap them");
        }
        return PROTOCOLS.subList(least, most + 1);
    }

    private int version(String key, String otherwise) {
        String written = section.text(key).orElse(otherwise);
        int version = VERSIONS.indexOf(written);
        if (version < 0) {
            boolean old = Set.of("TLS10", "TLS11").contains(written);
            throw section.problem(
                    key,
                    YamlSection.quoted(written) + (old ? " is too old to be safe" : " is not known"),
                    "there are " + String.join(", ", VERSIONS));
        }
        return version;
    }

    private List<String> cipherSuites() {
        List<String> known = javasCipherSuites();
        List<String> written = section.list("cipher_suites");
        for (String suite : written) {
            if (!known.contains(suite)) {
                throw section.problem(
                        "cipher_suites",
                        YamlSection.quoted(suite) + " is none that Java offers",
                        DidYouMean.among(
                                known.stream()
                                        .filter(name -> name.startsWith("TLS_ECDHE_") && name.contains("_GCM_"))
                                        .toList(),
                                suite));
            }
        }
        return List.copyOf(written);
    }

    private static List<String> javasCipherSuites() {
        try {
            return List.of(SSLContext.getDefault().getDefaultSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is in the bytes of a file, or what is wrong with them. */
    private interface Content<T> {
        T of(byte[] file) throws GeneralSecurityException;
    }

    private <T> Optional<T> pem(String key, Content<T> content) {
        Optional<String> written = section.text(key).filter(path -> !path.isBlank());
        if (written.isEmpty()) {
            return Optional.empty();
        }
        String path = YamlSection.quoted(written.get());
        try {
            return Optional.of(content.of(files.read(written.get())));
        } catch (IOException | InvalidPathException e) {
            throw section.problem(key, path + " cannot be read: " + e.getMessage(), "name a file in PEM");
        } catch (GeneralSecurityException e) {
            throw section.problem(key, path + " " + e.getMessage(), "name a file in PEM, its key not encrypted");
        }
    }
}
