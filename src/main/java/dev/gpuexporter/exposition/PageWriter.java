package dev.gpuexporter.exposition;

import dev.gpuexporter.attribution.Series;
import dev.gpuexporter.metrics.GpuMetric;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes pages, byte for byte as the Prometheus library does. The node's series, which are nearly all of a page, are
 * written here: what stays the same from page to page is kept. The rest is the library's. See
 * docs/decisions/0006-plain-samples-are-written-here.md.
 */
final class PageWriter {
    private static final byte[] END = "# EOF\n".getBytes(StandardCharsets.US_ASCII);

    private final ExpositionFormatWriter text = PrometheusTextFormatWriter.builder()
            .setIncludeCreatedTimestamps(false)
            .build();
    private final ExpositionFormatWriter openMetricsText = OpenMetricsTextFormatWriter.builder()
            .setCreatedTimestampsEnabled(false)
            .setExemplarsOnAllMetricTypesEnabled(false)
            .build();

    private final Map<GpuMetric, Family> families = new HashMap<>();
    private final List<Family> inOrder = new ArrayList<>();

    /**
     * A page with all of them.
     *
     * @param others of families that the node has no series of
     * @param to memory, which does not fail
     */
    synchronized void write(boolean openMetrics, List<Series> node, MetricSnapshots others, OutputStream to) {
        PageBuffer page = new PageBuffer(to);
        inOrder.forEach(Family::beginPage);
        Family family = null;
        for (Series series : node) {
            if (family == null || family.metric() != series.metric()) {
                family = family(series.metric());
            }
            family.add(series);
        }
        int next = 0;
        for (Family each : inOrder) {
            int from = next;
            while (next < others.size() && name(others.get(next)).compareTo(each.stem()) < 0) {
                next++;
            }
            writeByLibrary(openMetrics, others, from, next, page);
            each.write(page, openMetrics);
        }
        writeByLibrary(openMetrics, others, next, others.size(), page);
        if (openMetrics) {
            page.write(END);
        }
        page.flush();
    }

    private Family family(GpuMetric metric) {
        Family family = families.get(metric);
        if (family == null) {
            family = new Family(metric);
            families.put(metric, family);
            inOrder.add(family);
            inOrder.sort(Comparator.comparing(Family::stem));
        }
        return family;
    }

    private static String name(MetricSnapshot snapshot) {
        return snapshot.getMetadata().getPrometheusName();
    }

    private void writeByLibrary(boolean openMetrics, MetricSnapshots all, int from, int to, PageBuffer page) {
        if (from == to) {
            return;
        }
        MetricSnapshots some =
                new MetricSnapshots(all.stream().skip(from).limit(to - from).toList());
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        try {
            (openMetrics ? openMetricsText : text).write(written, some, EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) { // memory does not fail so
            throw new UncheckedIOException(e);
        }
        page.write(written.toByteArray(), 0, written.size() - (openMetrics ? END.length : 0));
    }
}
