package bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a real Prometheus spends on a series and on a sample. It scrapes one exporter as so many nodes, every second, so
 * that its chunks fill up as they do in half an hour at fifteen seconds.
 */
final class PrometheusCost {
    private static final int SECONDS = 300;
    private static final Pattern VERSION = Pattern.compile("version (\\S+)");

    private PrometheusCost() {}

    static void measure(int exporterPort) throws IOException, InterruptedException {
        System.out.println(
                "| Prometheus " + version() + " after " + SECONDS
                        + " s, scraping every second | 1 node | 20 nodes | for each series, for each sample |\n|---|--:|--:|--:|");
        Cost one = run(exporterPort, 1);
        Cost many = run(exporterPort, 20);
        double series = many.series - one.series;
        row("series in the head", one.series, many.series, "%,.0f", "");
        row(
                "resident memory, MiB",
                one.residentBytes / 1048576,
                many.residentBytes / 1048576,
                "%,.0f",
                String.format(
                        Locale.ROOT, "%.1f KiB a series", (many.residentBytes - one.residentBytes) / series / 1024));
        row(
                "heap in use, MiB",
                one.heapBytes / 1048576,
                many.heapBytes / 1048576,
                "%,.0f",
                String.format(Locale.ROOT, "%.1f KiB a series", (many.heapBytes - one.heapBytes) / series / 1024));
        row(
                "write-ahead log, MiB",
                one.walBytes / 1048576,
                many.walBytes / 1048576,
                "%,.0f",
                String.format(Locale.ROOT, "%.2f bytes a sample", many.walBytes / many.samples));
        row(
                "chunks of a snapshot, MiB",
                one.chunkBytes / 1048576,
                many.chunkBytes / 1048576,
                "%,.1f",
                String.format(Locale.ROOT, "%.2f bytes a sample", many.chunkBytes / many.samples));
        row(
                "index of a snapshot, MiB",
                one.indexBytes / 1048576,
                many.indexBytes / 1048576,
                "%,.1f",
                String.format(Locale.ROOT, "%.0f bytes a series", many.indexBytes / many.series));
    }

    private static void row(String what, double one, double many, String format, String each) {
        System.out.println("| " + what + " | " + String.format(Locale.ROOT, format, one) + " | "
                + String.format(Locale.ROOT, format, many) + " | " + each + " |");
    }

    private static Cost run(int exporterPort, int nodes) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(Path.of("target/bench").toAbsolutePath(), "prometheus");
        Path config = Files.writeString(directory.resolve("prometheus.yml"), configuration(exporterPort, nodes));
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.enable-admin-api",
                        "--web.listen-address=127.0.0.1:" + port,
                        "--log.level=warn")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        try {
            if (process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("Prometheus ended; " + directory.resolve("log") + " says why");
            }
            String own = ask("GET", port, "/metrics");
            ask("POST", port, "/api/v1/admin/tsdb/snapshot");
            Path data = directory.resolve("data");
            return new Cost(
                    value(own, "prometheus_tsdb_head_series"),
                    value(own, "prometheus_tsdb_head_samples_appended_total"),
                    value(own, "process_resident_memory_bytes"),
                    value(own, "go_memstats_heap_inuse_bytes"),
                    bytes(data.resolve("wal"), ""),
                    bytes(data.resolve("snapshots"), "/chunks/"),
                    bytes(data.resolve("snapshots"), "/index"));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static String configuration(int exporterPort, int nodes) {
        return IntStream.range(0, nodes)
                .mapToObj(node -> """
                          - targets: ["127.0.0.1:%d"]
                            labels: { node: "node-%04d" }
                    """.formatted(exporterPort, node))
                .collect(Collectors.joining("", """
                        global: { scrape_interval: 1s, scrape_timeout: 1s }
                        scrape_configs:
                        - job_name: gpu-exporter
                          honor_labels: true
                          relabel_configs: [{ source_labels: [node], target_label: instance }]
                          static_configs:
                        """, ""));
    }

    private static String ask(String method, int port, String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static double value(String metrics, String name) throws IOException {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .reduce(Double::sum)
                .orElseThrow(() -> new IOException("Prometheus has no " + name));
    }

    private static double bytes(Path directory, String part) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            double sum = 0;
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(each -> each.toString().contains(part))
                    .toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    private static String version() throws IOException, InterruptedException {
        Process process = new ProcessBuilder("prometheus", "--version")
                .redirectErrorStream(true)
                .start();
        Matcher version = VERSION.matcher(new String(process.getInputStream().readAllBytes()));
        process.waitFor();
        return version.find() ? version.group(1) : "";
    }

    private record Cost(
            double series,
            double samples,
            double residentBytes,
            double heapBytes,
            double walBytes,
            double chunkBytes,
            double indexBytes) {}
}
