package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Project;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Polls and scrapes without a rest while pods come and go, GPUs are lost and back, cut up anew, and the driver is loaded
 * again: nothing grows, and no counter runs backwards. {@code -Dsoak.seconds} says how long; {@code mvn -Psoak verify}
 * goes on for eight minutes.
 */
class SoakIT {
    private static final long SECONDS = Long.getLong("soak.seconds", 45);
    private static final long INTERVAL_MILLIS = Long.getLong("soak.interval.millis", 20);
    private static final long PAUSE_MILLIS = Long.getLong("soak.pause.millis", 0);
    private static final int FASTER = 10;
    private static final int SCRAPERS = 2;

    @TempDir
    private Path directory;

    private final AtomicLong scrapes = new AtomicLong();
    private final List<Measure> measures = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private Process process;
    private BufferedReader out;
    private BufferedWriter in;
    private int port;
    private volatile boolean over;
    private volatile Exception broken;

    /** What the process has at a time, counted in seconds from the start. */
    private record Measure(double seconds, double heapBytes, double residentBytes, double threads, double files) {}

    @BeforeEach
    void start() throws IOException {
        Path scenario = Files.writeString(directory.resolve("churn.conf"), churn());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@jvm.options",
                "-cp",
                Project.target().resolve("gpu-exporter.jar") + ":"
                        + Project.target().resolve("test-classes"),
                "dev.gpuexporter.SoakedExporter",
                scenario.toString(),
                Long.toString(INTERVAL_MILLIS),
                Integer.toString(FASTER)));
        process = new ProcessBuilder(command)
                .directory(Project.directory().toFile())
                .redirectError(Project.target().resolve("soak.log").toFile())
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
        port = Integer.parseInt(out.readLine());
    }

    @AfterEach
    void stop() {
        over = true;
        process.destroyForcibly();
    }

    /** In the node's time: a pod each 20 s, another layout each 40 s, a GPU lost each 10 min, a new driver each 20 min. */
    private static String churn() {
        long all = (SECONDS + 60) * FASTER;
        List<String> lines = new ArrayList<>();
        lines.add("gpus = [ { model = h200, count = 3 }, { model = h100, mig = [ 3g.40gb ], mig-changes = [");
        for (long at = 40; at < all; at += 40) {
            String layout = at / 40 % 2 == 0 ? "[ 3g.40gb ]" : "[ 1g.10gb, 2g.20gb ]";
            lines.add("  { at = " + at + "s, mig = " + layout + " }");
        }
        lines.add("] } ]");
        lines.add("pods = [");
        for (long at = 0; at < all; at += 20) {
            lines.add("  { namespace = soak, pod = pod-%d, gpus = [ %d ], utilization = 80%%, memory = 10GiB, "
                            .formatted(at / 20 % 30, at / 20 % 3)
                    + "from = %ds, until = %ds }".formatted(at, at + 19));
        }
        lines.add("]");
        lines.add("failures = [");
        for (long at = 60; at < all; at += 600) {
            lines.add("  { kind = lost, gpu = 1, from = %ds, until = %ds, xid = 79 }".formatted(at, at + 50));
        }
        for (long at = 180; at < all; at += 1200) {
            lines.add("  { kind = driver-gone, from = %ds, until = %ds }".formatted(at, at + 30));
        }
        lines.add("]");
        return String.join("\n", lines);
    }

    @Test
    void nothingGrowsAndNoCounterRunsBackwards() throws Exception {
        for (int i = 0; i < SCRAPERS; i++) {
            Thread scraper = new Thread(this::scrape, "scraper");
            scraper.setDaemon(true);
            scraper.start();
        }
        long start = System.nanoTime();
        Map<String, Double> counters = new HashMap<>();
        int compared = 0;
        double polls = 0;
        boolean sawLost = false;
        for (double seconds = 0; seconds < SECONDS; seconds = (System.nanoTime() - start) / 1e9) {
            Scrape page = page();
            polls = page.value("gpu_exporter_polls_total").orElse(polls);
            sawLost |= page.value("gpu_up", "gpu", "1").orElse(1) == 0;
            compared += compare(counters, page);
            if (seconds > SECONDS / 4.0) { // warm by then
                measures.add(measure(seconds));
            }
            assertThat(broken).isNull();
            Thread.sleep(500);
        }
        over = true;
        report(polls);
        assertThat(sawLost).as("a GPU was lost").isTrue();
        assertThat(compared).isGreaterThan(1000);
        assertThat(growth(Measure::heapBytes)).as("bytes of heap").isLessThan(3 << 20);
        assertThat(growth(Measure::residentBytes)).as("resident bytes").isLessThan(10 << 20);
        assertThat(growth(Measure::threads)).as("threads").isLessThan(3);
        assertThat(growth(Measure::files)).as("file descriptors").isLessThan(3);
        assertThat(process.isAlive()).isTrue();
    }

    /** How many were compared; a series that is not there this time, as of a GPU that is lost, may begin anew. */
    private static int compare(Map<String, Double> before, Scrape page) {
        if (page.all("gpu_up").isEmpty()) { // nothing fresh: the next page says
            return 0;
        }
        Map<String, Double> now = new HashMap<>();
        for (Scrape.Sample sample : page.samples()) {
            if (sample.name().endsWith("_total")) {
                now.put(sample.name() + sample.labels(), sample.value());
            }
        }
        int compared = 0;
        for (Map.Entry<String, Double> counter : now.entrySet()) {
            Double last = before.get(counter.getKey());
            if (last != null) {
                compared++;
                assertThat(counter.getValue()).as(counter.getKey()).isGreaterThanOrEqualTo(last);
            }
        }
        before.clear();
        before.putAll(now);
        return compared;
    }

    private Scrape page() throws Exception {
        return Scrape.of(client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body());
    }

    /** One after the other on one connection; without a pause, as fast as they are answered. */
    private void scrape() {
        byte[] request = ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream answers = socket.getInputStream();
            while (!over) {
                socket.getOutputStream().write(request);
                readAnswer(answers);
                scrapes.incrementAndGet();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            if (!over) {
                broken = e;
            }
        }
    }

    private static void readAnswer(InputStream answers) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int next = answers.read();
            if (next < 0) {
                throw new IOException("hung up after: " + head);
            }
            head.append((char) next);
        }
        String text = head.toString().toLowerCase(Locale.ROOT);
        if (!text.startsWith("http/1.1 200 ")) {
            throw new IOException(text);
        }
        String length = text.substring(text.indexOf("content-length:") + 15);
        answers.skipNBytes(
                Long.parseLong(length.substring(0, length.indexOf('\r')).strip()));
    }

    private Measure measure(double seconds) throws IOException {
        in.write("\n");
        in.flush();
        double heap = Double.parseDouble(out.readLine());
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        double resident =
                Double.parseDouble(Files.readString(proc.resolve("statm")).split(" ")[1]) * 4096;
        return new Measure(seconds, heap, resident, entries(proc.resolve("task")), entries(proc.resolve("fd")));
    }

    private static long entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.count();
        }
    }

    /** By the straight line through all measures that fits best, from the first to the last. */
    private double growth(ToDoubleFunction<Measure> quantity) {
        double time = measures.stream().mapToDouble(Measure::seconds).average().orElseThrow();
        double mean = measures.stream().mapToDouble(quantity).average().orElseThrow();
        double covariance = 0;
        double variance = 0;
        for (Measure measure : measures) {
            covariance += (measure.seconds - time) * (quantity.applyAsDouble(measure) - mean);
            variance += (measure.seconds - time) * (measure.seconds - time);
        }
        return covariance / variance * (measures.get(measures.size() - 1).seconds - measures.get(0).seconds);
    }

    private void report(double polls) throws IOException {
        String report = String.format(
                Locale.ROOT,
                "%d s, %.0f polls, %d scrapes%n%s%s%s%s",
                SECONDS,
                polls,
                scrapes.get(),
                line("heap, MiB", Measure::heapBytes, 1 << 20),
                line("resident, MiB", Measure::residentBytes, 1 << 20),
                line("threads", Measure::threads, 1),
                line("file descriptors", Measure::files, 1));
        Files.writeString(Project.target().resolve("soak.txt"), report);
        System.out.println(report);
    }

    private String line(String name, ToDoubleFunction<Measure> quantity, double unit) {
        double[] all = measures.stream().mapToDouble(quantity).sorted().toArray();
        double hours = (measures.get(measures.size() - 1).seconds - measures.get(0).seconds) / 3600;
        return String.format(
                Locale.ROOT,
                "%s: least %.1f, greatest %.1f, slope %+.2f an hour%n",
                name,
                all[0] / unit,
                all[all.length - 1] / unit,
                growth(quantity) / unit / hours);
    }
}
