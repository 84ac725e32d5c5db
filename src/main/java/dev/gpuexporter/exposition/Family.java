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

    /** The lines of the newest page, first as they came: most pages bring the same in the same order. */
    private final List<Line> asTheyCame = new ArrayList<>();

    private final List<Line> asWritten = new ArrayList<>();
    private int page;
    private int came;
    private boolean isOther;

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

    /** A series as it is written, and the newest page that has it. */
    private static final class Line {
        private final LabelKey key;
        private final Labels labels;
        private final byte[] text;
        private double value;
        private byte[] number;
        private int page = -1;

        Line(LabelKey key) {
            this.key = key;
            labels = Labels.of(key.names(), key.values());
            text = bytes(text(labels));
            number = bytes(TextFormat.number(value));
        }

        /** Many values are the same from page to page. */
        void set(double next) {
            if (Double.doubleToLongBits(next) != Double.doubleToLongBits(value)) { // 0.0 == -0.0
                value = next;
                number = bytes(TextFormat.number(next));
            }
        }
    }

    /** Compared for each series of a page; what the compiler makes for a record is several times as slow before C2. */
    private record LabelKey(List<String> names, List<String> values) {
        static LabelKey of(Series series) {
            return new LabelKey(series.labelNames(), series.labelValues());
        }

        boolean isOf(Series series) {
            return values.equals(series.labelValues()) && names.equals(series.labelNames());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof LabelKey key && values.equals(key.values) && names.equals(key.names);
        }

        /** Series of the same values and other names are few. */
        @Override
        public int hashCode() {
            return values.hashCode();
        }
    }

    GpuMetric metric() {
        return metric;
    }

    /** The name without a counter's ending, by which a page is ordered. */
    String stem() {
        return stem;
    }

    void beginPage() {
        page++;
        came = 0;
    }

    /** Two with the same labels would fail the whole scrape, so the second is left out. */
    void add(Series series) {
        boolean asBefore = came < asTheyCame.size() && asTheyCame.get(came).key.isOf(series);
        Line line = asBefore ? asTheyCame.get(came) : lines.computeIfAbsent(LabelKey.of(series), Line::new);
        if (line.page == page) {
            log.warn("{}{} comes twice; the second is left out", metric.name(), line.labels);
            return;
        }
        if (!asBefore) {
            forgetOrder();
            asTheyCame.add(line);
        }
        line.page = page;
        line.set(series.value());
        came++;
    }

    /** From here on the page is not as the one before. */
    private void forgetOrder() {
        asTheyCame.subList(came, asTheyCame.size()).clear();
        isOther = true;
    }

    /** Writes what was added since the page began: nothing, where that is nothing. */
    void write(PageBuffer out, boolean openMetrics) {
        if (came < asTheyCame.size()) {
            forgetOrder();
        }
        if (isOther) {
            lines.values().removeIf(line -> line.page != page);
            asWritten.clear();
            asWritten.addAll(asTheyCame);
            asWritten.sort(Comparator.comparing(line -> line.labels));
            isOther = false;
        }
        if (asWritten.isEmpty()) {
            return;
        }
        out.write(openMetrics ? openMetricsHead : head);
        for (Line line : asWritten) {
            out.write(name);
            out.write(line.text);
            out.write(line.number);
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
