package bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

/** Measures one thing after the other, each on every JDK in turn. */
public final class Bench {
    private static final String USAGE = """
            bench/run [--full] [--scrapes N] [--only PART,...] [--scenario NAME]

              --full           a million scrapes for the memory, longer runs of everything
              --scrapes N      how many scrapes for the memory; 100000 unless said
              --only PART,...  of: poll, page, mapping, scrape, start, memory, rest; writes nothing to docs/performance.md
              --scenario NAME  h200x8 (8 GPUs), h200x8-mig7 (8 GPUs of 7 MIG devices each)

            A JDK 25 in JAVA25_HOME or below /usr/lib/jvm is measured beside the JDK that runs this.
            """;

    private static final Map<String, Integer> GPUS = Map.of("h200x8", 8);
    private static final String MIG = "h200x8-mig7";
    private static final String MIG_NODE = "src/test/resources/scenarios/h200x8-mig7.conf";
    private static final List<String> PARTS = List.of("poll", "page", "mapping", "scrape", "start", "memory", "rest");
    private static final Path LIBRARY = Path.of("target/bench/nvml").toAbsolutePath();
    private static final int DRIVER_MICROS = 50;

    private final String scenario;
    private final boolean full;
    private final int scrapes;
    private final List<Jdk> jdks = Jdk.found();
    private final Report report = new Report(jdks);

    private Bench(String scenario, boolean full, int scrapes) throws IOException {
        this.scenario = scenario;
        this.full = full;
        this.scrapes = scrapes;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        String scenario = "h200x8";
        boolean full = false;
        int scrapes = 0;
        Set<String> parts = new TreeSet<>(PARTS);
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--full" -> full = true;
                case "--scrapes" -> scrapes = Integer.parseInt(args[++i]);
                case "--only" -> parts = new TreeSet<>(List.of(args[++i].split(",")));
                case "--scenario" -> scenario = args[++i];
                default -> {
                    System.err.print(USAGE);
                    System.exit(args[i].equals("--help") ? 0 : 2);
                }
            }
        }
        if (scenario.equals(MIG)) {
            System.out.println(MIG + ": not there yet; the exporter has no series of MIG devices to measure");
            return;
        }
        if (!GPUS.containsKey(scenario) || !PARTS.containsAll(parts)) {
            System.err.print(USAGE);
            System.exit(2);
        }
        new Bench(scenario, full, scrapes > 0 ? scrapes : full ? 1_000_000 : 100_000).run(parts);
    }

    private void run(Set<String> parts) throws IOException, InterruptedException {
        for (String part : PARTS) {
            if (parts.contains(part) && part.equals("rest")) {
                System.out.println("rest, side by side: they do next to nothing");
                rest();
            } else if (parts.contains(part)) {
                for (Jdk jdk : jdks) {
                    System.out.println(part + ", JDK " + jdk.version());
                    measure(part, jdk);
                }
            }
        }
        report.note("8 GPUs of 7 MIG devices each (`" + MIG + "`): not there yet.");
        System.out.println("\n" + report.markdown());
        if (parts.size() == PARTS.size()) {
            report.write();
        }
    }

    private void measure(String part, Jdk jdk) throws IOException, InterruptedException {
        switch (part) {
            case "poll" -> {
                poll(jdk, 0);
                poll(jdk, DRIVER_MICROS);
            }
            case "page" -> child(jdk, Map.of(), "bench.EncodeCost", scenario, full ? "2000" : "250");
            case "mapping" -> child(jdk, Map.of(), "bench.MappingCost", MIG_NODE, full ? "5000" : "500");
            case "scrape" -> ScrapeTimes.measure(jdk, scenario, full ? 500 : 100, figure -> report.add(jdk, figure));
            case "start" -> start(jdk);
            case "memory" -> Memory.measure(jdk, scenario, full ? 60 : 20, scrapes, figure -> report.add(jdk, figure));
            default -> throw new IllegalArgumentException(part);
        }
    }

    private void poll(Jdk jdk, int delayMicros) throws IOException, InterruptedException {
        Map<String, String> driver = new HashMap<>(driver());
        driver.put("FAKE_NVML_DELAY_US", Integer.toString(delayMicros));
        child(jdk, driver, "bench.PollCost", LIBRARY.toString(), full ? "2000" : "250", Integer.toString(delayMicros));
    }

    private Map<String, String> driver() {
        return Map.of("FAKE_NVML_GPUS", Integer.toString(GPUS.get(scenario)));
    }

    /** In a JVM of its own, which is started as the exporter's is. */
    private void child(Jdk jdk, Map<String, String> environment, String... mainAndArguments)
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
                Figure.parse(line).ifPresent(figure -> report.add(jdk, figure));
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
        for (int i = 0; i < (full ? 15 : 7); i++) {
            try (ExporterProcess exporter = ExporterProcess.start(jdk, Map.of(), "--simulate", scenario)) {
                seconds.add(exporter.secondsToFirstScrape());
                cpuSeconds.add(exporter.cpuSeconds());
            }
        }
        String worst = " (median / worst of " + seconds.size() + ")";
        report.add(
                jdk,
                new Figure(
                        "start until the first scrape with readings" + worst,
                        "",
                        "s",
                        seconds.median(),
                        seconds.max()));
        report.add(jdk, new Figure("its CPU" + worst, "", "s", cpuSeconds.median(), cpuSeconds.max()));
    }

    private void rest() throws IOException, InterruptedException {
        int seconds = full ? 240 : 90;
        Map<String, String> driver = new HashMap<>(driver());
        driver.put("GPU_EXPORTER_NVML_LIBRARY", LIBRARY.toString());
        driver.put("GPU_EXPORTER_KUBERNETES_ATTRIBUTION", "off");
        List<Callable<List<Figure>>> tasks = new ArrayList<>();
        for (Jdk jdk : jdks) {
            tasks.add(() -> AtRest.measure(jdk, Map.of(), "simulated", seconds, "--simulate", scenario));
            tasks.add(() -> AtRest.measure(jdk, driver, "compiled driver", seconds));
        }
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<List<Figure>>> results = threads.invokeAll(tasks);
            for (int i = 0; i < results.size(); i++) {
                Jdk jdk = jdks.get(i / 2);
                results.get(i).get().forEach(figure -> report.add(jdk, figure));
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
