package dev.gpuexporter.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
        return start(environment, List.of(), arguments);
    }

    /** The same under a command that runs what follows it, such as {@code nice}. */
    public static ExporterProcess start(Map<String, String> environment, List<String> under, String... arguments)
            throws IOException {
        int port = freePort();
        List<String> command = new ArrayList<>(under);
        command.addAll(List.of(
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

    /** What a path answers now, whatever its code. */
    public HttpResponse<String> get(String path) throws InterruptedException, IOException {
        return client.send(request(path), BodyHandlers.ofString());
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

    /** How the process ended by itself; fails where it goes on for a minute. */
    public int awaitEnd() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("it does not end");
        }
        return exitCode();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public int port() {
        return port;
    }

    /** What its file descriptors are open for. */
    public List<String> openFiles() throws IOException {
        try (Stream<Path> descriptors = Files.list(proc("fd"))) {
            return descriptors.map(ExporterProcess::target).toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    public int threads() throws IOException {
        try (Stream<Path> threads = Files.list(proc("task"))) {
            return (int) threads.count();
        }
    }

    public long residentBytes() throws IOException {
        return 1024
                * Files.readAllLines(proc("status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElseThrow();
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    public int exitCode() {
        return process.exitValue();
    }

    /** Waits until the log has this in it. */
    public void awaitLog(String part) throws InterruptedException, IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!log().contains(part)) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new AssertionError("it never said " + part + "; the log:\n" + log());
            }
            Thread.sleep(50);
        }
    }

    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
