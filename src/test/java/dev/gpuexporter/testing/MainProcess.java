package dev.gpuexporter.testing;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The command line in a process of its own, from the compiled classes: for what only a process shows. */
public final class MainProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final BufferedReader errors;

    private MainProcess(Process process) {
        this.process = process;
        this.errors = process.errorReader(StandardCharsets.UTF_8);
    }

    /** How it ended, and what it said until then. */
    public record Ended(int exitCode, String output, List<String> errors) {}

    /** Starts it with these variables above those of the build, and without any other of ours. */
    public static MainProcess start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                "dev.gpuexporter.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Project.directory().toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("GPU_EXPORTER_"));
        builder.environment().putAll(environment);
        return new MainProcess(builder.start());
    }

    /** Runs it to its end. */
    public static Ended run(Map<String, String> environment, String... arguments) throws Exception {
        try (MainProcess main = start(environment, arguments)) {
            CompletableFuture<List<String>> errors =
                    CompletableFuture.supplyAsync(() -> main.errors.lines().toList());
            String output = new String(main.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!main.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end");
            }
            return new Ended(main.process.exitValue(), output, errors.get());
        }
    }

    /** The first line on stderr with this in it; fails where the process ends without it. */
    public String awaitError(String part) throws Exception {
        return CompletableFuture.supplyAsync(
                        () -> errors.lines().filter(line -> line.contains(part)).findFirst())
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .orElseThrow(() -> new AssertionError("it never said " + part));
    }

    /** What the tests run with, without the tests. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(all.split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
