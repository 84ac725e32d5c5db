package dev.gpuexporter.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The web configuration file of Prometheus and its exporters, and the certificates that it names. What is right there and
 * not here is refused by name. Paths are relative to the file.
 */
public final class WebConfigFile {
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    /** One login takes some 50 ms at 10, and twice as long with every step; all of them share one thread. */
    private static final int MOST_COST = 14;

    private static final Set<String> HEADERS = Set.of(
            "Content-Security-Policy",
            "Strict-Transport-Security",
            "X-Content-Type-Options",
            "X-Frame-Options",
            "X-XSS-Protection");

    private final Path file;
    private final String name;
    private NamedFiles taken;

    public WebConfigFile(Path file) {
        this.file = file;
        this.name = file.getFileName() == null
                ? file.toString()
                : file.getFileName().toString();
        this.taken = filesBesideIt();
    }

    private NamedFiles filesBesideIt() {
        return new NamedFiles(file.toAbsolutePath().resolveSibling(""));
    }

    /** @throws BadInputException where it, or what it names, cannot be meant */
    public synchronized WebConfig read() {
        NamedFiles files = filesBesideIt();
        WebConfig config = parse(YamlSection.parse(name, text(files)), files);
        taken = files;
        return config;
    }

    /**
     * The same, if a byte of it or of a file that it names is another than when it was last read without complaint.
     *
     * @throws BadInputException where it cannot be meant as it is now
     */
    public synchronized Optional<WebConfig> changed() {
        return taken.changed() ? Optional.of(read()) : Optional.empty();
    }

    private String text(NamedFiles files) {
        try {
            return new String(files.read(file.toAbsolutePath().toString()), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new BadInputException("web.config-file: " + file + ": " + e.getMessage()
                    + "; write the path of a web configuration file in YAML");
        }
    }

    private static WebConfig parse(YamlSection root, NamedFiles files) {
        root.allowing(
                Set.of("tls_server_config", "http_server_config", "basic_auth_users"),
                Map.of(
                        "rate_limit",
                        "leave it out: with one limit for all, who asks too much would keep Prometheus out"));
        Optional<YamlSection> http = root.section("http_server_config")
                .map(section -> section.allowing(Set.of("http2", "headers"), Map.of()));
        return new WebConfig(
                root.section("tls_server_config").map(section -> new TlsSection(section, files).read()),
                http.map(section -> section.isOn("http2", true)).orElse(true),
                http.flatMap(section -> section.section("headers"))
                        .map(WebConfigFile::headers)
                        .orElse(Map.of()),
                root.section("basic_auth_users").map(WebConfigFile::users).orElse(Map.of()));
    }

    private static Map<String, String> headers(YamlSection section) {
        section.allowing(HEADERS, Map.of());
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header : section.keys()) {
            String value = section.text(header).orElse("");
            if (!value.matches("[\\x20-\\x7e]*")) {
                throw section.problem(header, "is more than one line of ASCII", "write one");
            }
            if (!value.isBlank()) {
                headers.put(header, value);
            }
        }
        return Map.copyOf(headers);
    }

    private static Map<String, String> users(YamlSection section) {
        Map<String, String> users = new LinkedHashMap<>();
        for (String user : section.keys()) {
            if (user.isBlank() || user.contains(":")) {
                throw section.problem(
                        user,
                        user.isBlank() ? "a user has no name" : "a user's name has a colon",
                        "write name: hash, as in prometheus: $2y$10$…");
            }
            String hash = section.text(user).orElse("");
            Matcher bcrypt = BCRYPT.matcher(hash);
            if (!bcrypt.matches()) {
                throw section.problem(
                        user,
                        "is followed by no bcrypt hash",
                        "write what htpasswd -nBC 10 \"\" prints after the colon");
            }
            int cost = Integer.parseInt(bcrypt.group(1));
            if (cost < 4 || cost > MOST_COST) {
                throw section.problem(
                        user,
                        "the cost of its hash, " + cost + ", is not between 4 and " + MOST_COST,
                        "make a hash with a cost of 10, as htpasswd -nBC 10 \"\" does");
            }
            users.put(user, hash);
        }
        return Map.copyOf(users);
    }
}
