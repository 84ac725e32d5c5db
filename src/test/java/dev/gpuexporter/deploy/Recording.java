package dev.gpuexporter.deploy;

import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.Scrape;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.SteppedClock;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * What Prometheus would have of a node that it scrapes at steps: the series of some metrics, with the labels that the
 * ServiceMonitor gives them. The times that they tell are moved to 1970, where promtool lives.
 */
final class Recording {
    private static final Map<String, String> TARGET =
            Map.of("job", "gpu-exporter", "instance", "node-1", "node", "node-1");

    private static final String TIME = "_timestamp_seconds";
    private static final String NONE = "_";
    private static final String GONE = "stale";

    private final Duration step;
    private final Set<String> metrics;
    private final Map<String, List<String>> series = new TreeMap<>();
    private Scrape last;
    private int scrapes;

    Recording(Duration step, Set<String> metrics) {
        this.step = step;
        this.metrics = metrics;
    }

    /** Takes as many steps, from the start of the node on. */
    static Recording of(String scenario, Duration step, Duration length, int gpusUp, Set<String> metrics) {
        Recording recording = new Recording(step, metrics);
        try (RunningExporter node = RunningExporter.stepping(RunningExporter.scenario(scenario))) {
            node.step(Duration.ZERO, gpusUp);
            recording.add(scrape(node, gpusUp));
            for (Duration at = step; at.compareTo(length) <= 0; at = at.plus(step)) {
                node.step(step, gpusUp);
                node.awaitXids(RunningExporter.scenario(scenario));
                recording.add(scrape(node, gpusUp));
            }
        }
        return recording;
    }

    /** Polls go on after the one that was waited for, and a machine with much to do may miss a healthy GPU in the next. */
    private static Scrape scrape(RunningExporter node, int gpusUp) {
        AtomicReference<Scrape> newest = new AtomicReference<>();
        Eventually.holds("a page with " + gpusUp + " GPUs up", () -> {
            newest.set(node.scrape());
            long up = newest.get().all("gpu_up").stream()
                    .filter(gpu -> gpu.value() == 1)
                    .count();
            return up >= gpusUp || newest.get().value("gpu_exporter_nvml_up").getAsDouble() == 0;
        });
        return newest.get();
    }

    /** The next scrape; that it succeeded is a series of Prometheus' own. */
    void add(Scrape scrape) {
        last = scrape;
        for (Scrape.Sample sample : scrape.samples()) {
            if (metrics.contains(sample.name())) {
                append(name(sample.name(), sample.labels()), value(sample));
            }
        }
        append(name("up", Map.of()), "1");
        endScrape();
    }

    /** A scrape that nobody answers. */
    void addFailure() {
        append(name("up", Map.of()), "0");
        endScrape();
    }

    private void endScrape() {
        scrapes++;
        for (List<String> values : series.values()) {
            if (values.size() < scrapes) {
                String before = values.get(values.size() - 1);
                values.add(before.equals(NONE) || before.equals(GONE) ? NONE : GONE);
            }
        }
    }

    private void append(String name, String value) {
        series.computeIfAbsent(name, absent -> new ArrayList<>(Collections.nCopies(scrapes, NONE)))
                .add(value);
    }

    private static String value(Scrape.Sample sample) {
        double value =
                sample.name().endsWith(TIME) ? sample.value() - SteppedClock.START.getEpochSecond() : sample.value();
        return BigDecimal.valueOf(value).toPlainString();
    }

    private static String name(String metric, Map<String, String> labels) {
        Map<String, String> all = new TreeMap<>(TARGET);
        all.putAll(labels);
        return metric
                + all.entrySet().stream()
                        .map(label -> label.getKey() + "=\""
                                + label.getValue().replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                        .collect(Collectors.joining(",", "{", "}"));
    }

    Duration step() {
        return step;
    }

    /** The last answer. */
    Scrape last() {
        return last;
    }

    /** By series, the values in promtool's notation. */
    Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        series.forEach((name, samples) -> values.put(name, String.join(" ", samples)));
        return values;
    }
}
