package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** A JDK that the exporter is measured on. */
record Jdk(Path home, String version) {
    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    /** The one that runs the bench and, beside it, a JDK 25: in JAVA25_HOME or where distributions install them. */
    static List<Jdk> found() throws IOException {
        List<Jdk> jdks = new ArrayList<>();
        jdks.add(at(Path.of(System.getProperty("java.home"))).orElseThrow());
        newer().filter(jdk -> !jdk.version().equals(jdks.get(0).version())).ifPresent(jdks::add);
        return jdks;
    }

    private static Optional<Jdk> newer() throws IOException {
        String home = System.getenv("JAVA25_HOME");
        if (home != null) {
            return at(Path.of(home));
        }
        if (!Files.isDirectory(INSTALLED)) {
            return Optional.empty();
        }
        try (Stream<Path> homes = Files.list(INSTALLED)) {
            return homes.sorted()
                    .flatMap(path -> at(path).stream())
                    .filter(jdk -> jdk.version().startsWith("25"))
                    .findFirst();
        }
    }

    private static Optional<Jdk> at(Path home) {
        Properties release = new Properties();
        try (var in = Files.newInputStream(home.resolve("release"))) {
            release.load(in);
        } catch (IOException e) { // no JDK
            return Optional.empty();
        }
        String version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
        return version.isEmpty() ? Optional.empty() : Optional.of(new Jdk(home, version));
    }

    /** A command that starts this JVM with the options that the image ships, then those given. */
    List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(home.resolve("bin/java").toString());
        command.add("@jvm.options");
        command.addAll(List.of(arguments));
        return command;
    }
}
