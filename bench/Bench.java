package bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Measures one thing after the other, each on every JDK in turn. */
public final class Bench {
    private static final String USAGE = """
            bench/run [--full] [--image] [--scrapes N] [--only PART,...] [--scenario NAME]

              --full           a million scrapes for the memory, longer runs of everything
              --image          what src/image/assemble makes of a JDK 25, alone: the image's runtime and archive
              --scrapes N      how many scrapes for the memory; 100000 unless said
              --only PART,...  of: groups, poll, page, mapping, scrape, start, memory, rest; writes nothing to docs/performance.md
              --scenario NAME  one of h200x8 (8 GPUs) and h200x8-mig7 (8 GPUs of 7 MIG devices each: poll, page and
                               scrape alone); both unless said

            A JDK 25 in JAVA25_HOME or below /usr/lib/jvm is measured beside the JDK that runs this.
            """;

    private static final String WHOLE = "h200x8";
    private static final String MIG = "h200x8-mig7";
    private static final String MIG_FILE = "src/test/resources/scenarios/" + MIG + ".conf";
    private static final String PODS_FILE = "bench/64-pods.conf";
    private static final List<String> PARTS =
            List.of("groups", "poll", "page", "mapping", "scrape", "start", "memory", "rest");
    /** As nvmlDeviceGetPowerUsage took on a K40m, 2,743 times a second: https://github.com/wookayin/gpustat/issues/76. */
    private static final int MICROS_SOMEBODY_SAW = 365;

    private static final int DRIVER_MICROS = 50;

    /** By then the system has back what a start took. */
    private static final int IDLE_SECONDS = 90;

    private final boolean full;
    private final int scrapes;
    private final List<Jdk> jdks;
    private final Report report;

    private Bench(List<Jdk> jdks, boolean full, int scrapes) throws IOException {
        this.jdks = jdks;
        this.report = new Report(jdks);
        this.full = full;
        this.scrapes = scrapes;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Set<String> scenarios = new TreeSet<>(List.of(WHOLE, MIG));
        boolean full = false;
        boolean image = false;
        int scrapes = 0;
        Set<String> parts = new TreeSet<>(PARTS);
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--full" -> full = true;
                case "--image" -> image = true;
                case "--scrapes" -> scrapes = Integer.parseInt(args[++i]);
                case "--only" -> parts = new TreeSet<>(List.of(args[++i].split(",")));
                case "--scenario" -> scenarios.retainAll(Set.of(args[++i]));
                default -> {
                    System.err.print(USAGE);
                    System.exit(args[i].equals("--help") ? 0 : 2);
                }
            }
        }
        if (scenarios.isEmpty() || !PARTS.containsAll(parts)) {
            System.err.print(USAGE);
            System.exit(2);
        }
        new Bench(image ? Jdk.asInTheImage() : Jdk.found(), full, scrapes > 0 ? scrapes : full ? 1_000_000 : 100_000)
                .run(parts, scenarios);
    }

    private void run(Set<String> parts, Set<String> scenarios) throws IOException, InterruptedException {
        for (String part : PARTS) {
            if (!parts.contains(part)) {
                continue;
            }
            if (part.equals("rest") && scenarios.contains(WHOLE)) {
                System.out.println("rest, side by side: they do next to nothing");
                rest();
            } else if (!part.equals("rest")) {
                for (Jdk jdk : part.equals("groups") ? jdks.subList(0, 1) : jdks) { // counts are the same on all
                    System.out.println(part + ", JDK " + jdk.version());
                    measure(part, jdk, scenarios);
                }
            }
        }
        System.out.println("\n" + report.markdown());
        if (parts.size() == PARTS.size() && scenarios.size() == 2) {
            report.write();
        }
    }

    private void measure(String part, Jdk jdk, Set<String> scenarios) throws IOException, InterruptedException {
        if (scenarios.contains(WHOLE)) {
            measure(part, jdk);
        }
        if (scenarios.contains(MIG)) {
            measureMig(part, jdk);
        }
    }

    private void measureMig(String part, Jdk jdk) throws IOException, InterruptedException {
        Consumer<Figure> out = figure -> report.add(jdk, figure.of8x7MigDevices());
        switch (part) {
            case "poll" -> child(jdk, Map.of(), out, "bench.PollCost", "simulated", MIG_FILE, full ? "2000" : "250");
            case "page" -> child(jdk, Map.of(), out, "bench.EncodeCost", MIG_FILE, full ? "2000" : "250");
            case "mapping" -> child(jdk, Map.of(), out, "bench.MappingCost", MIG_FILE, full ? "5000" : "500");
            case "scrape" -> ScrapeTimes.measure(jdk, MIG_FILE, full ? 500 : 200, out);
            default -> {}
        }
    }

    private void measure(String part, Jdk jdk) throws IOException, InterruptedException {
        Consumer<Figure> out = figure -> report.add(jdk, figure);
        switch (part) {
            case "groups" -> {
                for (String gpu : List.of("t4", "a100", "h200")) {
                    child(jdk, Map.of(), out, "bench.GroupCost", gpu);
                }
            }
            case "poll" -> {
                poll(jdk, 0);
                poll(jdk, DRIVER_MICROS);
                poll(jdk, MICROS_SOMEBODY_SAW);
            }
            case "page" -> child(jdk, Map.of(), out, "bench.EncodeCost", WHOLE, full ? "2000" : "250");
            case "mapping" -> {} // of MIG devices alone
            case "scrape" -> ScrapeTimes.measure(jdk, WHOLE, full ? 500 : 200, out);
            case "start" -> start(jdk);
            case "memory" -> {
                memory(jdk, Node.withKubelet(), "< 85 MiB", out);
                memory(jdk, Node.withApiServer(), "< 125 MiB", out);
                memory(jdk, Node.simulated(PODS_FILE), "", out);
            }
            default -> throw new IllegalArgumentException(part);
        }
    }

    private void memory(Jdk jdk, Node where, String target, Consumer<Figure> out)
            throws IOException, InterruptedException {
        try (Node node = where) {
            Memory.measure(jdk, node, target, IDLE_SECONDS, scrapes, out);
        }
    }

    private void poll(Jdk jdk, int delayMicros) throws IOException, InterruptedException {
        Map<String, String> driver = new HashMap<>(Node.driver());
        driver.put("FAKE_NVML_DELAY_US", Integer.toString(delayMicros));
        child(
                jdk,
                driver,
                figure -> report.add(jdk, figure),
                "bench.PollCost",
                "compiled",
                Node.library().toString(),
                Integer.toString(delayMicros),
                full ? "2000" : "250");
    }

    /** In a JVM of its own, which is started as the exporter's is. */
    private static void child(
            Jdk jdk, Map<String, String> environment, Consumer<Figure> out, String... mainAndArguments)
            throws IOException, InterruptedException {
        List<String> command = jdk.command("-cp", "target/bench/classes:target/gpu-exporter.jar");
        command.addAll(List.of(mainAndArguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        List<String> said = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
                Figure.parse(line).ifPresent(out);
            }
        }
        if (process.waitFor() != 0
                || said.stream().noneMatch(line -> Figure.parse(line).isPresent())) {
            throw new IOException(mainAndArguments[0] + " failed:\n" + String.join("\n", said));
        }
    }

    private void start(Jdk jdk) throws IOException, InterruptedException {
        Samples seconds = new Samples();
        Samples cpuSeconds = new Samples();
        try (Node node = Node.withKubelet()) {
            for (int i = 0; i < (full ? 15 : 7); i++) {
                try (ExporterProcess exporter = node.start(jdk)) {
                    seconds.add(exporter.secondsToFirstScrape());
                    cpuSeconds.add(exporter.cpuSeconds());
                }
            }
        }
        String worst = " (median / worst of " + seconds.size() + ")";
        report.add(
                jdk,
                new Figure(
                        "start until the first scrape with readings" + worst,
                        "< 1 s",
                        "s",
                        seconds.median(),
                        seconds.max()));
        report.add(jdk, new Figure("its CPU" + worst, "", "s", cpuSeconds.median(), cpuSeconds.max()));
    }

    private void rest() throws IOException, InterruptedException {
        int seconds = full ? 600 : 180;
        List<Callable<Node>> nodes =
                List.of(() -> Node.simulated(WHOLE), Node::withDriver, Node::withKubelet, Node::withApiServer);
        List<Callable<List<Figure>>> tasks = new ArrayList<>();
        for (Jdk jdk : jdks) {
            for (Callable<Node> where : nodes) {
                tasks.add(() -> {
                    try (Node node = where.call()) {
                        return AtRest.measure(jdk, node, seconds);
                    }
                });
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<List<Figure>>> results = threads.invokeAll(tasks);
            for (int i = 0; i < results.size(); i++) {
                Jdk jdk = jdks.get(i / nodes.size());
                results.get(i).get().forEach(figure -> report.add(jdk, figure));
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
