package bench;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a node's series cost: how many there are, by group, what a scrape weighs, and what Prometheus makes of them. */
final class Scale {
    private static final String WHOLE = "h200x8";
    private static final String MIG = "src/test/resources/scenarios/h200x8-mig7.conf";

    /** What no alert and no recording rule needs. */
    private static final Map<String, String> LEAN = Map.of(
            "GPU_EXPORTER_METRICS_NVLINK_PER_LINK", "off",
            "GPU_EXPORTER_METRICS_PROFILING", "off",
            "GPU_EXPORTER_EVENTS_XIDS", "79");

    /** Two pods on each of eight GPUs. */
    private static final String SHARED = """
            gpus = [ { model = h200, count = 8, replicas = 2 } ]
            pods = [
              { namespace = prod, pod = a-%, count = 8, gpus = ["%::0"], utilization = 40%, memory = 30GiB }
              { namespace = prod, pod = b-%, count = 8, gpus = ["%::1"], utilization = 30%, memory = 20GiB }
            ]
            """;

    private static final int SCRAPE_SECONDS = 15;
    private static final List<Integer> FLEETS = List.of(10, 1_000, 10_000);

    private Scale() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path shared = Files.writeString(Path.of("target/bench/shared16.conf"), SHARED);
        System.out.println("| node | series | of them the exporter's own | bytes of a scrape | gzipped | samples/s at "
                + SCRAPE_SECONDS + " s: " + FLEETS.stream().map(Scale::number).collect(Collectors.joining(" / "))
                + " nodes |\n|---|--:|--:|--:|--:|--:|");
        count("8 GPUs, whole", WHOLE, Map.of());
        count(
                "the same, `metrics.nvlink-per-link = off`",
                WHOLE,
                Map.of("GPU_EXPORTER_METRICS_NVLINK_PER_LINK", "off"));
        count("the same, lean", WHOLE, LEAN);
        count("8 GPUs, 16 pods that share them", shared.toString(), Map.of());
        count("8 × 7 MIG devices", MIG, Map.of());
        count("the same, lean", MIG, LEAN);
        if (args.length > 0) {
            return; // --series: no more than that
        }
        System.out.println();
        groups();
        System.out.println();
        try (ExporterProcess exporter = start(WHOLE, Map.of())) {
            PrometheusCost.measure(exporter.port());
        }
    }

    private static void count(String what, String scenario, Map<String, String> variables)
            throws IOException, InterruptedException {
        try (ExporterProcess exporter = start(scenario, variables);
                Client identity = new Client(exporter.port(), false);
                Client gzip = new Client(exporter.port(), true)) {
            List<String> series = settled(identity);
            gzip.scrape();
            long own = series.stream()
                    .filter(line -> family(line).isEmpty() || line.startsWith("gpu_exporter_"))
                    .count();
            System.out.println("| " + what + " | " + number(series.size()) + " | " + own + " | "
                    + number(identity.bodyBytes()) + " | " + number(gzip.bodyBytes()) + " | "
                    + FLEETS.stream()
                            .map(nodes -> number((int) Math.round(1.0 * nodes * series.size() / SCRAPE_SECONDS)))
                            .collect(Collectors.joining(" / "))
                    + " |");
        }
    }

    private static void groups() throws IOException, InterruptedException {
        List<Map<String, Integer>> found = new ArrayList<>();
        List<String> scenarios = List.of("t4x8", WHOLE, MIG);
        for (String scenario : scenarios) {
            try (ExporterProcess exporter = start(scenario, Map.of());
                    Client client = new Client(exporter.port(), false)) {
                found.add(byGroup(settled(client)));
            }
        }
        System.out.println("| group | 8 × T4 | 8 × H200 | 8 × H200, 8 × 7 MIG devices |\n|---|--:|--:|--:|");
        Map<String, Integer> all = new TreeMap<>();
        found.forEach(all::putAll);
        all.keySet()
                .forEach(group -> System.out.println("| " + group + " | "
                        + found.stream()
                                .map(each -> number(each.getOrDefault(group, 0)))
                                .collect(Collectors.joining(" | "))
                        + " |"));
    }

    private static ExporterProcess start(String scenario, Map<String, String> variables)
            throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("GPU_EXPORTER_POLL_INTERVAL", "1s");
        return ExporterProcess.start(Jdk.found().get(0), environment, "--simulate", scenario);
    }

    /** Every series, once peaks and counters have something to say. */
    private static List<String> settled(Client client) throws IOException, InterruptedException {
        List<String> last = List.of();
        for (int calm = 0; calm < 4; Thread.sleep(2_000)) {
            client.scrape();
            List<String> series =
                    client.body().lines().filter(line -> !line.startsWith("#")).toList();
            calm = series.size() == last.size() ? calm + 1 : 0;
            last = series;
        }
        return last;
    }

    private static Map<String, Integer> byGroup(List<String> series) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String line : series) {
            String group = family(line).map(metric -> metric.group().key()).orElse("Java, HTTP, polls");
            counts.merge(group, 1, Integer::sum);
        }
        return counts;
    }

    private static Optional<GpuMetric> family(String line) {
        String name = line.split("[{ ]", 2)[0];
        return MetricCatalog.all().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst();
    }

    private static String number(int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
