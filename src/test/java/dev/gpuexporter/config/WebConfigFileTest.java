package dev.gpuexporter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.config.WebConfig.ClientAuth;
import dev.gpuexporter.testing.Certificates;
import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a web configuration file says, and what is said of one that cannot be meant. */
class WebConfigFileTest {
    private static final String TLS = "tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n";

    /** Of nobody, in the form of RFC 5915 and in that of RFC 5208. */
    private static final String EC = """
            -----BEGIN EC PARAMETERS-----
            BggqhkjOPQMBBw==
            -----END EC PARAMETERS-----
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIMz88vOyNNQPsVKEPOx2Dmsybcef0Xny983OscrJjH4VoAoGCCqGSM49
            AwEHoUQDQgAE4CA0rZSfDeX9c/4t/iHb3V8vOz0dUba33QUI8iibAbw2l2VE0dkM
            jWtZaukQw6z6cSGcNoq0WOeceQ4CJdVTGA==
            -----END EC PRIVATE KEY-----
            """;

    private static final String SAME_EC = """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgzPzy87I01A+xUoQ8
            7HYOazJtx5/RefL3zc6xysmMfhWhRANCAATgIDStlJ8N5f1z/i3+IdvdXy87PR1R
            trfdBQjyKJsBvDaXZUTR2QyNa1lq6RDDrPpxIZw2irRY55x5DgIl1VMY
            -----END PRIVATE KEY-----
            """;

    @TempDir
    private static Path directory;

    private static Certificates certificates;

    @BeforeAll
    static void make() {
        certificates = Certificates.ofRsa(directory).server("server").server("other");
    }

    private static WebConfig read(String text) throws IOException {
        return new WebConfigFile(Files.writeString(directory.resolve("web.yml"), text)).read();
    }

    @Test
    void saysWhatIsWrongWithTheRootDirectoryToo() {
        assertThatThrownBy(() -> new WebConfigFile(Path.of("/")).read())
                .hasMessage("web.config-file: /: is a directory; write the path of a web configuration file in YAML");
    }

    /** Nor does it end the looks at what has changed. */
    @Test
    void refusesWhatIsDeeperThanAnybodyMeans() {
        assertThatThrownBy(() -> read("tls_server_config: " + "[".repeat(100_000)))
                .isInstanceOf(BadInputException.class)
                .hasMessage("web.yml: lists and sections are too deep in one another; write key: value, indented by"
                        + " blanks");
    }

    @Test
    void readsNoFileThatIsLargerThanAnyOfItsKind() throws IOException {
        byte[] certificate = Files.readAllBytes(certificates.certificate("server"));
        Files.write(directory.resolve("large.crt"), Arrays.copyOf(certificate, 1 << 20));
        assertThat(read(TLS.replace("server.crt", "large.crt")).tls()).isPresent();
        Files.write(directory.resolve("large.crt"), Arrays.copyOf(certificate, (1 << 20) + 1));
        assertThatThrownBy(() -> read(TLS.replace("server.crt", "large.crt")))
                .hasMessage("tls_server_config.cert_file: \"large.crt\" cannot be read: is no file of up to 1 MiB"
                        + " (web.yml: 2); name a file in PEM");
    }

    /** Two gibibytes of a curve, which are not there: nobody makes room for them. */
    @Test
    void believesNoLengthThatIsBeyondTheKey() throws IOException {
        byte[] cut = HexFormat.of().parseHex("3011" + "020101" + "040100" + "a0847ffffff0" + "06052b8104");
        Files.writeString(
                directory.resolve("cut.key"),
                "-----BEGIN EC PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(cut)
                        + "\n-----END EC PRIVATE KEY-----\n");
        assertThatThrownBy(() -> read(TLS.replace("server.key", "cut.key")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("\"cut.key\" has an EC key that does not name its curve, or cannot be read");
    }

    @ParameterizedTest
    @CsvSource({"03, false", "04, true", "14, true", "15, false"})
    void takesHashesThatTakeNeitherTooLittleNorTooMuchTime(String cost, boolean taken) throws IOException {
        String users =
                "basic_auth_users:\n  one: $2y$" + cost + "$raMeFytvVH5PhJ4WiN1mGemcHoVcIivUw9Jp5zeMnx0E5PQWSLxLC\n";
        if (taken) {
            assertThat(read(users).users()).containsOnlyKeys("one");
        } else {
            assertThatThrownBy(() -> read(users)).hasMessageContaining("is not between 4 and 14");
        }
    }

    @Test
    void findsCertificatesBesideItself() throws IOException {
        WebConfig config = read(TLS);
        WebConfig.Tls tls = config.tls().orElseThrow();
        assertThat(tls.chain()).singleElement().isEqualTo(certificates.of("server"));
        assertThat(tls.protocols()).containsExactly("TLSv1.2", "TLSv1.3");
        assertThat(tls.clientAuth()).isEqualTo(ClientAuth.NO_CLIENT_CERT);
        assertThat(config.http2()).isTrue();
        assertThat(config.users()).isEmpty();
    }

    @Test
    void isReadAgainOnlyWhenAByteHasChanged() throws IOException {
        Path file = Files.writeString(directory.resolve("again.yml"), TLS);
        WebConfigFile again = new WebConfigFile(file);
        WebConfig first = again.read();
        assertThat(again.changed()).isEmpty();
        Files.writeString(file, TLS + "  min_version: TLS13\n");
        assertThat(again.changed()).isPresent().get().isNotEqualTo(first);
        assertThat(again.changed()).isEmpty();
        Files.writeString(file, "nonsense");
        assertThatThrownBy(again::changed).isInstanceOf(BadInputException.class);
        assertThatThrownBy(again::changed).as("as long as it stays so").isInstanceOf(BadInputException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'' | web.yml: is empty; write tls_server_config:",
                "tls_server_confg:~  x: y | unknown key \"tls_server_confg\" (web.yml: 1); did you mean \"tls_server_config\"?",
                "tls_server_config: | tls_server_config: has nothing in it (web.yml: 1); write what it has below it",
                "basic_auth_users: {} | basic_auth_users: has nothing in it (web.yml: 1)",
                "basic_auth_users:~  - a | basic_auth_users: is a section, not a value (web.yml: 1)",
                "rate_limit:~  burst: 3 | rate_limit: is not supported (web.yml: 1); leave it out",
                "{TLS}  curve_preferences: [X25519] | tls_server_config.curve_preferences: is not supported (web.yml: 4)",
                "{TLS}  cert: abc | tls_server_config.cert: is not supported (web.yml: 4); write it to a file",
                "{TLS}  prefer_server_cipher_suites: false | tls_server_config.prefer_server_cipher_suites: false is not supported (web.yml: 4)",
                "{TLS}  min_version: TLS10 | tls_server_config.min_version: \"TLS10\" is too old to be safe (web.yml: 4); there are TLS12, TLS13",
                "{TLS}  min_version: TLS13~  max_version: TLS12 | tls_server_config.min_version: is above max_version (web.yml: 4)",
                "{TLS}  cipher_suites: [TLS_RSA_WITH_RC4_128_SHA] | tls_server_config.cipher_suites: \"TLS_RSA_WITH_RC4_128_SHA\" is none that Java offers (web.yml: 4)",
                "{TLS}  client_auth_type: RequireAndVerifyClientCerts | tls_server_config.client_auth_type: \"RequireAndVerifyClientCerts\" is not known (web.yml: 4); did you mean \"RequireAndVerifyClientCert\"?",
                "{TLS}  client_auth_type: RequireAndVerifyClientCert | tls_server_config.client_auth_type: RequireAndVerifyClientCert needs client_ca_file (web.yml: 4)",
                "{TLS}  client_ca_file: server.crt | tls_server_config.client_ca_file: does nothing with client_auth_type NoClientCert (web.yml: 4)",
                "{TLS}  client_allowed_sans: [a] | tls_server_config.client_allowed_sans: keeps nobody out with client_auth_type NoClientCert (web.yml: 4)",
                "tls_server_config:~  cert_file: server.crt~  key_file: other.key | tls_server_config.key_file: is not the key of the certificate in cert_file (web.yml: 3); name the key that \"CN=server\" was made with",
                "tls_server_config:~  cert_file: none.crt~  key_file: server.key | tls_server_config.cert_file: \"none.crt\" cannot be read: no such file (web.yml: 2); name a file in PEM",
                "tls_server_config:~  cert_file: server.key~  key_file: server.key | tls_server_config.cert_file: \"server.key\" has no certificate in PEM (web.yml: 2)",
                "tls_server_config:~  cert_file: server.crt~  key_file: server.crt | tls_server_config.key_file: \"server.crt\" has no private key in PEM (web.yml: 3)",
                "tls_server_config:~  cert_file: server.crt | tls_server_config.key_file: is missing (web.yml: 2)",
                "http_server_config:~  http2: maybe | http_server_config.http2: \"maybe\" is neither true nor false (web.yml: 2)",
                "http_server_config:~  headers:~    Server: x | unknown key \"http_server_config.headers.Server\" (web.yml: 3)",
                "basic_auth_users:~  anna: secret | basic_auth_users.anna: is followed by no bcrypt hash (web.yml: 2); write what htpasswd",
                "basic_auth_users:~  '': $2y$10${53} | basic_auth_users.: a user has no name (web.yml: 2)",
                "basic_auth_users:~  anna: $2y$31${53} | basic_auth_users.anna: the cost of its hash, 31, is not between 4 and 14 (web.yml: 2)",
                "basic_auth_users:~  anna: $2y$10${53}~  anna: x | \"anna\" stands here twice (web.yml: 3)",
                "a: [ | web.yml: 1: no YAML, ",
            })
    void saysInALineWhatIsWrong(String text, String line) {
        String file = text.equals("''")
                ? ""
                : text.replace("{TLS}", TLS).replace('~', '\n').replace("{53}", "0".repeat(53));
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith(line);
    }

    @Test
    void readsKeysInEachForm() throws GeneralSecurityException, IOException {
        ECPrivateKey ec = (ECPrivateKey) Pem.key(EC.getBytes(StandardCharsets.US_ASCII));
        ECPrivateKey same = (ECPrivateKey) Pem.key(SAME_EC.getBytes(StandardCharsets.US_ASCII));
        assertThat(ec.getS()).isEqualTo(same.getS());
        assertThat(ec.getParams().getCurve()).isEqualTo(same.getParams().getCurve());
        byte[] pkcs8 = Files.readAllBytes(certificates.key("server"));
        byte[] der = Base64.getMimeDecoder()
                .decode(new String(pkcs8, StandardCharsets.US_ASCII).replaceAll("-----[^-]+-----", ""));
        // Of 2048 bits: 26 bytes of PrivateKeyInfo stand before the RSAPrivateKey.
        String pkcs1 = Certificates.pem("RSA PRIVATE KEY", Arrays.copyOfRange(der, 26, der.length));
        assertThat(Pem.key(pkcs1.getBytes(StandardCharsets.US_ASCII))).isEqualTo(Pem.key(pkcs8));
    }

    @Test
    void saysThatAKeyIsEncrypted() {
        for (String key : List.of(
                Certificates.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}),
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n"
                        + "-----END RSA PRIVATE KEY-----\n")) {
            assertThatThrownBy(() -> Pem.key(key.getBytes(StandardCharsets.US_ASCII)))
                    .hasMessage("has a key that is encrypted");
        }
    }

    /** The example of docs/securing.md, to which Prometheus' own tool agrees. */
    @Test
    void theExampleThatPeopleCopyIsRight() throws IOException {
        Matcher example = Pattern.compile("```yaml\n(tls_server_config:.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Project.directory().resolve("docs/securing.md")));
        assertThat(example.find()).isTrue();
        Path copied = Files.createDirectories(directory.resolve("copied"));
        Files.copy(certificates.certificate("server"), copied.resolve("tls.crt"));
        Files.copy(certificates.key("server"), copied.resolve("tls.key"));
        Path file = Files.writeString(copied.resolve("web.yml"), example.group(1));
        assertThat(new WebConfigFile(file).read().users()).containsOnlyKeys("prometheus");
        assertThat(Command.run(Tool.PROMTOOL.require().toString(), "check", "web-config", file.toString()))
                .contains("SUCCESS");
    }
}
