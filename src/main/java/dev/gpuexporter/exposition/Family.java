package dev.gpuexporter.exposition;

import dev.gpuexporter.attribution.Series;
import dev.gpuexporter.metrics.GpuMetric;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lines of one metric, as the Prometheus library would write and order them. What precedes a series' value is made
 * once, and forgotten with the first page that does not have the series; where nothing comes and goes, a page leaves
 * nothing new behind that would have to be collected.
 */
final class Family {
    private static final Logger log = LoggerFactory.getLogger(Family.class);
    private static final String TOTAL = "_total";

    private final GpuMetric metric;
    private final String stem;
    private final byte[] name;
    private final byte[] head;
    private final byte[] openMetricsHead;
    private final Map<LabelKey, Line> lines = new HashMap<>();
    private final List<Line> inOrder = new ArrayList<>();
    private int page;
    private int onPage;
    private boolean isDisordered;

    Family(GpuMetric metric) {
        this.metric = metric;
        boolean counter = metric.type() == GpuMetric.Type.COUNTER;
        stem = counter ? metric.name().substring(0, metric.name().length() - TOTAL.length()) : metric.name();
        name = bytes(metric.name());
        String type = counter ? "counter" : "gauge";
        head = bytes(TextFormat.help(metric.name(), metric.help()) + TextFormat.type(metric.name(), type));
        // OpenMetrics names a counter without its ending, and escapes quotation marks in help texts, too.
        openMetricsHead =
                bytes(TextFormat.type(stem, type) + "# HELP " + stem + " " + TextFormat.escaped(metric.help()) + "\n");
    }

    /** Of a series: all up to its value, and the value on the newest page that has it. */
    private static final class Line {
        private final Labels labels;
        private final byte[] text;
        private double value;
        private int page = -1;

        Line(Labels labels) {
            this.labels = labels;
            this.text = bytes(text(labels));
        }
    }

    /** Looked up for each series of a page; what the compiler makes for a record is several times as slow before C2. */
    private record LabelKey(List<String> names, List<String> values) {
        @Override
        public boolean equals(Object other) {
            return other instanceof LabelKey key
                    && values.equals(key.values)
                    && (names == key.names || names.equals(key.names));
        }

        /** Series of the same values and other names are few. */
        @Override
        public int hashCode() {
            return values.hashCode();
        }
    }

    /** The name without a counter's ending, by which a page is ordered. */
    String stem() {
        return stem;
    }

    void beginPage() {
        page++;
        onPage = 0;
    }

    /** Two with the same labels would fail the whole scrape, so the second is left out. */
    void add(Series series) {
        LabelKey key = new LabelKey(series.labelNames(), series.labelValues());
        Line line = lines.get(key);
        if (line == null) {
            line = new Line(Labels.of(key.names(), key.values()));
            lines.put(key, line);
            inOrder.add(line);
            isDisordered = true;
        } else if (line.page == page) {
            log.warn("{}{} comes twice; the second is left out", metric.name(), line.labels);
            return;
        }
        line.page = page;
        line.value = series.value();
        onPage++;
    }

    /** Writes what was added since the page began: nothing, where that is nothing. */
    void write(PageBuffer out, boolean openMetrics) {
        if (onPage < inOrder.size()) {
            lines.values().removeIf(line -> line.page != page);
            inOrder.removeIf(line -> line.page != page);
        }
        if (inOrder.isEmpty()) {
            return;
        }
        if (isDisordered) {
            inOrder.sort(Comparator.comparing(line -> line.labels));
            isDisordered = false;
        }
        out.write(openMetrics ? openMetricsHead : head);
        for (Line line : inOrder) {
            out.write(name);
            out.write(line.text);
            out.writeLatin(TextFormat.number(line.value));
            out.write('\n');
        }
    }

    private static String text(Labels labels) {
        if (labels.isEmpty()) {
            return " ";
        }
        StringBuilder text = new StringBuilder();
        for (Label label : labels) {
            text.append(text.isEmpty() ? '{' : ',').append(TextFormat.label(label.getName(), label.getValue()));
        }
        return text.append("} ").toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
