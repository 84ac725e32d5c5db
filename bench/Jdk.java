package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What the exporter is measured on.
 *
 * @param image where the image's runtime, options and exporter lie; empty for a JDK as it is installed
 */
record Jdk(Path home, String version, Optional<Path> image) {
    private static final Path IMAGE = Path.of("target/bench/image").toAbsolutePath();

    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    /** The one that runs the bench and, beside it, a JDK 25: in JAVA25_HOME or where distributions install them. */
    static List<Jdk> found() throws IOException {
        List<Jdk> jdks = new ArrayList<>();
        jdks.add(at(Path.of(System.getProperty("java.home"))).orElseThrow());
        newer().filter(jdk -> !jdk.version().equals(jdks.get(0).version())).ifPresent(jdks::add);
        return jdks;
    }

    /** What the image would be with a JDK 25, made by the image's own script. */
    static List<Jdk> asInTheImage() throws IOException, InterruptedException {
        Jdk jdk = found().stream()
                .filter(one -> one.version().startsWith("25"))
                .findFirst()
                .orElseThrow(() -> new IOException("the image takes a JDK 25; set JAVA25_HOME"));
        run(jdk, "rm", "-rf", IMAGE.toString());
        run(jdk, "src/image/assemble", IMAGE.toString());
        return List.of(new Jdk(IMAGE.resolve("java"), jdk.version() + " in the image", Optional.of(IMAGE)));
    }

    private static void run(Jdk jdk, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("JAVA_HOME", jdk.home().toString());
        if (builder.start().waitFor() != 0) {
            throw new IOException(command[0] + " failed");
        }
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
        return version.isEmpty() ? Optional.empty() : Optional.of(new Jdk(home, version, Optional.empty()));
    }

    /** What the image sets in the environment. */
    Map<String, String> environment() {
        return image.isPresent() ? Map.of("MALLOC_ARENA_MAX", "1") : Map.of();
    }

    /** A command that starts the exporter, as it is shipped. */
    List<String> exporter() {
        return image.<List<String>>map(directory -> new ArrayList<>(
                        List.of(home.resolve("bin/java").toString(), "@" + directory.resolve("jvm.options"))))
                .orElseGet(() -> command("-jar", "target/gpu-exporter.jar"));
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
