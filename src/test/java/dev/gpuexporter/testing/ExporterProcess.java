package dev.gpuexporter.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The jar as it is shipped, with the image's JVM options, in a process of its own on a free port of 127.0.0.1. */
public final class ExporterProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final Path log;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    private ExporterProcess(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Starts it with these variables and arguments, and waits for nothing. */
    public static ExporterProcess start(Map<String, String> environment, String... arguments) throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@jvm.options",
                "-jar",
                Project.target().resolve("gpu-exporter.jar").toString(),
                "--listen",
                "127.0.0.1:" + port));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile(Project.target(), "exporter", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Project.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new ExporterProcess(builder.start(), log, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** What a path answers, once it answers as wanted. */
    public String await(String path, Predicate<String> wanted) throws InterruptedException, IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "nothing";
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                last = client.send(request(path), BodyHandlers.ofString()).body();
                if (wanted.test(last)) {
                    return last;
                }
            } catch (IOException e) {
                last = e.toString(); // it does not listen yet
            }
            Thread.sleep(50);
        }
        throw new AssertionError(path + " was not as wanted; the last:\n" + last + "\nthe log:\n" + log());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    /** Sends SIGTERM, and answers how long the process went on; its end is awaited for ten seconds. */
    public Duration terminate() throws InterruptedException {
        long start = System.nanoTime();
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("SIGTERM did not end it");
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    public int exitCode() {
        return process.exitValue();
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
