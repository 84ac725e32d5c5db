package dev.gpuexporter.exposition;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;

/**
 * Writes a page in one format, byte for byte as the Prometheus library does. Plain gauges and counters, which are nearly
 * all of a page, are written here: the labels of a series are made into bytes once, and not anew for each page. The rest
 * is the library's. See docs/decisions/0006-plain-samples-are-written-here.md.
 */
final class PageWriter {
    private static final String END = "# EOF\n";
    private static final String TOTAL = "_total";

    /** Whole numbers below this are written without an exponent, as {@link Double#toString(double)} does. */
    private static final double EXPONENT_FROM = 1e7;

    private final boolean openMetrics;
    private final ExpositionFormatWriter library;

    /** By identity: series that stay keep their labels' object. */
    private final Kept<Labels, byte[]> labels = new Kept<>(new IdentityHashMap<>(), labels -> bytes(text(labels)));

    /** Keeps its room from page to page. */
    private final ByteArrayOutputStream page = new ByteArrayOutputStream();

    PageWriter(boolean openMetrics) {
        this.openMetrics = openMetrics;
        this.library = openMetrics
                ? OpenMetricsTextFormatWriter.builder()
                        .setCreatedTimestampsEnabled(false)
                        .setExemplarsOnAllMetricTypesEnabled(false)
                        .build()
                : PrometheusTextFormatWriter.builder()
                        .setIncludeCreatedTimestamps(false)
                        .build();
    }

    synchronized byte[] write(MetricSnapshots snapshots) {
        page.reset();
        for (MetricSnapshot snapshot : snapshots) {
            if (isPlain(snapshot)) {
                writePlain(snapshot);
            } else {
                page.writeBytes(byLibrary(snapshot));
            }
        }
        labels.endPage();
        if (openMetrics) {
            page.writeBytes(bytes(END));
        }
        return page.toByteArray();
    }

    private static boolean isPlain(MetricSnapshot snapshot) {
        boolean known = snapshot instanceof GaugeSnapshot || snapshot instanceof CounterSnapshot;
        return known
                && !snapshot.getMetadata().hasUnit()
                && snapshot.getDataPoints().stream().allMatch(PageWriter::isPlain);
    }

    private static boolean isPlain(DataPointSnapshot point) {
        boolean exemplar = point instanceof CounterDataPointSnapshot counter
                ? counter.getExemplar() != null
                : ((GaugeDataPointSnapshot) point).getExemplar() != null;
        return !exemplar && !point.hasScrapeTimestamp();
    }

    private byte[] byLibrary(MetricSnapshot snapshot) {
        ByteArrayOutputStream family = new ByteArrayOutputStream();
        try {
            library.write(family, MetricSnapshots.of(snapshot), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) { // memory does not fail so
            throw new UncheckedIOException(e);
        }
        String text = family.toString(StandardCharsets.UTF_8);
        return bytes(openMetrics ? text.substring(0, text.length() - END.length()) : text);
    }

    private void writePlain(MetricSnapshot snapshot) {
        if (snapshot.getDataPoints().isEmpty()) {
            return;
        }
        MetricMetadata metadata = snapshot.getMetadata();
        boolean counter = snapshot instanceof CounterSnapshot;
        String name = metadata.getPrometheusName() + (counter ? TOTAL : "");
        page.writeBytes(bytes(head(openMetrics ? metadata.getPrometheusName() : name, counter, metadata.getHelp())));
        byte[] nameBytes = bytes(name);
        for (DataPointSnapshot point : snapshot.getDataPoints()) {
            double value = counter
                    ? ((CounterDataPointSnapshot) point).getValue()
                    : ((GaugeDataPointSnapshot) point).getValue();
            page.writeBytes(nameBytes);
            page.writeBytes(labels.of(point.getLabels()));
            page.writeBytes(bytes(text(value)));
            page.write('\n');
        }
    }

    private String head(String name, boolean counter, String help) {
        String type = TextFormat.type(name, counter ? "counter" : "gauge");
        if (help == null || help.isEmpty()) {
            return type;
        }
        // OpenMetrics escapes quotation marks in help texts, too.
        return openMetrics
                ? type + "# HELP " + name + " " + TextFormat.escaped(help) + "\n"
                : TextFormat.help(name, help) + type;
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

    private static String text(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return "+Inf";
        }
        if (value == Double.NEGATIVE_INFINITY) {
            return "-Inf";
        }
        long whole = (long) value;
        boolean plain = whole == value && whole != 0 && Math.abs(value) < EXPONENT_FROM;
        return plain ? whole + ".0" : Double.toString(value);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
