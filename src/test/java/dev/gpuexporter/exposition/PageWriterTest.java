package dev.gpuexporter.exposition;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The library's own writers say what is right. */
class PageWriterTest {
    private final PageWriter text = new PageWriter(false);
    private final PageWriter openMetrics = new PageWriter(true);

    @Property(tries = 300)
    void writesAnyNumberAndTextAsTheLibraryDoes(
            @ForAll @Size(max = 5) List<Double> values, @ForAll String label, @ForAll String help, @ForAll long whole) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("gpu_load").help(help);
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name("gpu_joules").help(help);
        for (int i = 0; i < values.size(); i++) {
            Labels labels = Labels.of("gpu", Integer.toString(i), "pod", label);
            gauge.dataPoint(point(labels, values.get(i)));
            counter.dataPoint(CounterDataPointSnapshot.builder()
                    .labels(labels)
                    .value(Math.abs(values.get(i)))
                    .build());
        }
        gauge.dataPoint(point(Labels.EMPTY, whole));
        isAsTheLibraryWrites(new MetricSnapshots(gauge.build(), counter.build()));
    }

    @Test
    void writesTheEdgesOfNumbersAsTheLibraryDoes() {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name("gpu_edge");
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
        for (int i = 0; i < edges.length; i++) {
            gauge.dataPoint(point(Labels.of("edge", Integer.toString(i)), edges[i]));
        }
        isAsTheLibraryWrites(new MetricSnapshots(gauge.build()));
    }

    @Test
    void leavesToTheLibraryWhatIsNoPlainSample() {
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
        isAsTheLibraryWrites(new MetricSnapshots(families));
        isAsTheLibraryWrites(new MetricSnapshots());
    }

    /** The same labels' object comes again on the next page, with another value. */
    @Test
    void writesTheNextPageAnew() {
        Labels labels = Labels.of("gpu", "0");
        for (double value : new double[] {0.5, 0.75}) {
            isAsTheLibraryWrites(new MetricSnapshots(GaugeSnapshot.builder()
                    .name("gpu_load")
                    .dataPoint(point(labels, value))
                    .build()));
        }
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private void isAsTheLibraryWrites(MetricSnapshots page) {
        assertThat(string(text.write(page)))
                .isEqualTo(byLibrary(
                        PrometheusTextFormatWriter.builder()
                                .setIncludeCreatedTimestamps(false)
                                .build(),
                        page));
        assertThat(string(openMetrics.write(page)))
                .isEqualTo(byLibrary(
                        OpenMetricsTextFormatWriter.builder()
                                .setCreatedTimestampsEnabled(false)
                                .build(),
                        page));
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

    private static String string(byte[] page) {
        return new String(page, StandardCharsets.UTF_8);
    }
}
