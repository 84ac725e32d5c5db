package dev.gpuexporter.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.attribution.Series;
import dev.gpuexporter.metrics.FieldsOfDevice;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Group;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** The library's own writers say what is right. */
class PageWriterTest {
    private PageWriter writer = new PageWriter();

    @Property(tries = 300)
    void writesAnyNumberAndTextAsTheLibraryDoes(
            @ForAll @Size(max = 5) List<Double> values, @ForAll String label, @ForAll String help, @ForAll long whole) {
        writer = new PageWriter(); // a metric has one text in its life
        GpuMetric load = metric("gpu_load", GpuMetric.Type.GAUGE, help + ".");
        GpuMetric joules = metric("gpu_joules_total", GpuMetric.Type.COUNTER, help + ".");
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            series.add(gpu(load, i, label, values.get(i)));
            series.add(gpu(joules, i, label, Math.abs(values.get(i))));
        }
        series.add(new Series(load, List.of(), List.of(), whole));
        isAsTheLibraryWrites(series, new MetricSnapshots());
    }

    @Property(tries = 300)
    void ordersSeriesAsTheLibraryDoes(@ForAll @Size(max = 20) Set<@StringLength(max = 3) String> pods) {
        GpuMetric load = metric("gpu_load", GpuMetric.Type.GAUGE, "How busy.");
        List<Series> series = new ArrayList<>();
        series.add(new Series(load, List.of("zone"), List.of("1"), 1));
        for (String pod : pods) {
            series.add(gpu(load, 10, pod, 1));
            series.add(gpu(load, 9, pod, 1));
        }
        isAsTheLibraryWrites(series, new MetricSnapshots());
    }

    @Property(tries = 100)
    void writesPodsThatComeAndGoAsTheLibraryDoes(
            @ForAll @Size(max = 10) List<@Size(max = 5) Set<@IntRange(max = 7) Integer>> pages) {
        GpuMetric load = metric("gpu_load", GpuMetric.Type.GAUGE, "How busy.");
        GpuMetric info = metric("gpu_info", GpuMetric.Type.GAUGE, "Which one.");
        for (int i = 0; i < pages.size(); i++) {
            Set<Integer> page = pages.get(i);
            double value = i / 8.0;
            List<Series> series = new ArrayList<>();
            page.forEach(gpu -> series.add(gpu(load, gpu, "pod", value)));
            page.stream().filter(gpu -> gpu % 2 == 0).forEach(gpu -> series.add(gpu(info, gpu, "pod", 1)));
            isAsTheLibraryWrites(series, new MetricSnapshots());
        }
    }

    @Test
    void writesTheEdgesOfNumbersAsTheLibraryDoes() {
        GpuMetric edge = metric("gpu_edge", GpuMetric.Type.GAUGE, "An edge.");
        double[] edges = {
            0,
            -0.0,
            1,
            -1,
            0.001,
            0.0009,
            9_999_999,
            9_999_999.5,
            1e7,
            -1e7,
            1e15,
            1L << 53,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            Double.NaN,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY
        };
        List<Series> series = new ArrayList<>();
        for (int i = 0; i < edges.length; i++) {
            series.add(gpu(edge, i, "", edges[i]));
        }
        isAsTheLibraryWrites(series, new MetricSnapshots());
    }

    @Test
    void putsWhatOthersTellWhereItBelongs() {
        List<Series> node = List.of(
                gpu(metric("gpu_b_total", GpuMetric.Type.COUNTER, "Between."), 0, "", 1),
                gpu(metric("gpu_d", GpuMetric.Type.GAUGE, "Between."), 0, "", 2));
        isAsTheLibraryWrites(node, new MetricSnapshots(another("a"), another("gpu_a"), another("gpu_c"), another("z")));
        // By the name without its ending, as a counter's family is called.
        isAsTheLibraryWrites(node, new MetricSnapshots(another("gpu_b_c")));
        isAsTheLibraryWrites(node, new MetricSnapshots());
        isAsTheLibraryWrites(List.of(), new MetricSnapshots(another("a")));
        isAsTheLibraryWrites(List.of(), new MetricSnapshots());
    }

    @Test
    void leavesOutWhatComesTwiceOnAPage() {
        GpuMetric load = metric("gpu_load", GpuMetric.Type.GAUGE, "How busy.");
        List<Series> twice = List.of(gpu(load, 0, "", 0.5), gpu(load, 0, "", 0.75));
        for (int page = 0; page < 2; page++) {
            assertThat(written(false, twice, new MetricSnapshots()))
                    .isEqualTo(byLibrary(text(), page(twice.subList(0, 1), new MetricSnapshots())));
        }
    }

    @Test
    void leavesToTheLibraryWhatIsNotOfTheNode() {
        Exemplar exemplar = Exemplar.builder().value(3).traceId("abc").build();
        List<MetricSnapshot> families = List.of(
                GaugeSnapshot.builder()
                        .name("a_gauge")
                        .dataPoint(point(Labels.EMPTY, 1))
                        .build(),
                GaugeSnapshot.builder()
                        .name("b_gauge_seconds")
                        .unit(Unit.SECONDS)
                        .dataPoint(point(Labels.EMPTY, 1))
                        .build(),
                GaugeSnapshot.builder().name("c_without_samples").build(),
                GaugeSnapshot.builder()
                        .name("d_timed")
                        .dataPoint(GaugeDataPointSnapshot.builder()
                                .value(1)
                                .scrapeTimestampMillis(1_700_000_000_000L)
                                .build())
                        .build(),
                CounterSnapshot.builder()
                        .name("e_exemplified")
                        .dataPoint(CounterDataPointSnapshot.builder()
                                .value(7)
                                .exemplar(exemplar)
                                .build())
                        .build(),
                SummarySnapshot.builder()
                        .name("f_summary")
                        .dataPoint(SummaryDataPointSnapshot.builder()
                                .quantiles(Quantiles.of())
                                .count(2)
                                .sum(0.5)
                                .build())
                        .build(),
                InfoSnapshot.builder()
                        .name("g")
                        .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                                .labels(Labels.of("version", "1"))
                                .build())
                        .build());
        isAsTheLibraryWrites(List.of(), new MetricSnapshots(families));
    }

    private static GpuMetric metric(String name, GpuMetric.Type type, String help) {
        return new GpuMetric(
                name,
                type,
                help,
                GpuMetric.Subject.GPU,
                List.of(),
                false,
                false,
                Group.EXPORTER,
                "",
                "",
                FieldsOfDevice.NONE,
                Optional.empty());
    }

    private static Series gpu(GpuMetric metric, int gpu, String pod, double value) {
        return new Series(metric, List.of("pod", "gpu"), List.of(pod, Integer.toString(gpu)), value);
    }

    private static GaugeSnapshot another(String name) {
        return GaugeSnapshot.builder()
                .name(name)
                .dataPoint(point(Labels.EMPTY, 1))
                .build();
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private void isAsTheLibraryWrites(List<Series> node, MetricSnapshots others) {
        MetricSnapshots page = page(node, others);
        assertThat(written(false, node, others)).isEqualTo(byLibrary(text(), page));
        assertThat(written(true, node, others)).isEqualTo(byLibrary(openMetrics(), page));
    }

    private static MetricSnapshots page(List<Series> node, MetricSnapshots others) {
        MetricSnapshots.Builder page = MetricSnapshots.builder();
        others.forEach(page::metricSnapshot);
        node.stream()
                .collect(Collectors.groupingBy(Series::metric))
                .forEach((metric, series) -> page.metricSnapshot(
                        metric.type() == GpuMetric.Type.COUNTER ? counter(metric, series) : gauge(metric, series)));
        return page.build();
    }

    private static MetricSnapshot counter(GpuMetric metric, List<Series> series) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name(metric.name().replaceFirst("_total$", ""))
                .help(metric.help());
        series.forEach(one -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels(one))
                .value(one.value())
                .build()));
        return counter.build();
    }

    private static MetricSnapshot gauge(GpuMetric metric, List<Series> series) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(metric.name()).help(metric.help());
        series.forEach(one -> gauge.dataPoint(point(labels(one), one.value())));
        return gauge.build();
    }

    private static Labels labels(Series series) {
        return Labels.of(series.labelNames(), series.labelValues());
    }

    private static ExpositionFormatWriter text() {
        return PrometheusTextFormatWriter.builder()
                .setIncludeCreatedTimestamps(false)
                .build();
    }

    private static ExpositionFormatWriter openMetrics() {
        return OpenMetricsTextFormatWriter.builder()
                .setCreatedTimestampsEnabled(false)
                .build();
    }

    private static String byLibrary(ExpositionFormatWriter library, MetricSnapshots page) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            library.write(bytes, page, EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return string(bytes.toByteArray());
    }

    private String written(boolean openMetrics, List<Series> node, MetricSnapshots others) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.write(openMetrics, node, others, bytes);
        return string(bytes.toByteArray());
    }

    private static String string(byte[] page) {
        return new String(page, StandardCharsets.UTF_8);
    }
}
