package dev.gpuexporter.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.attribution.SeriesBuilder;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That a page is written once; what is on it, golden files hold. */
@Timeout(60)
class ExpositionTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counted counted = new Counted();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private volatile Snapshot snapshot = snapshotAt(0);
    private volatile WorkloadIndex workloads = WorkloadIndex.empty(Instant.EPOCH);
    private volatile boolean fresh = true;
    private Attribution attribution;
    private Exposition exposition;

    /** Among the registry's collectors, so it is asked each time a page is written. */
    private static final class Counted implements Collector {
        private int times;
        private boolean broken;

        @Override
        public MetricSnapshot collect() {
            times++;
            if (broken) {
                throw new IllegalStateException("a collector of somebody's fails");
            }
            return GaugeSnapshot.builder()
                    .name("written")
                    .dataPoint(GaugeDataPointSnapshot.builder().value(times).build())
                    .build();
        }
    }

    @BeforeEach
    void start() {
        attribution = new Attribution(() -> snapshot, () -> workloads);
        exposition = new Exposition(
                registry,
                attribution,
                new SeriesBuilder(AttributionMode.LABELS),
                shown -> fresh,
                () -> new ExporterState(true, Optional.empty(), Optional.empty()),
                waiting::add);
        registry.getPrometheusRegistry().register(counted);
        counted.times = 0; // registering asks, too
    }

    @Test
    void writesNothingOnTheThreadThatAsks() {
        CompletableFuture<byte[]> page = exposition.page(false, false);
        assertThat(page).isNotDone();
        assertThat(counted.times).isZero();
        write();
        assertThat(page).isCompleted();
    }

    @Test
    void writesOnePageForAllWhoAskForIt() {
        byte[] first = written(false, false);
        assertThat(exposition.page(false, false)).isCompletedWithValue(first);
        assertThat(counted.times).isEqualTo(1);
    }

    @Test
    void writesOnePageForEightWhoAskAtOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService scrapers = Executors.newFixedThreadPool(8);
        List<Future<CompletableFuture<byte[]>>> asked = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            asked.add(scrapers.submit(() -> {
                go.await();
                return exposition.page(false, false);
            }));
        }
        go.countDown();
        List<CompletableFuture<byte[]>> pages = new ArrayList<>();
        for (Future<CompletableFuture<byte[]>> page : asked) {
            pages.add(page.get());
        }
        scrapers.shutdown();
        assertThat(waiting).hasSize(1);
        write();
        byte[] bytes = pages.get(0).join();
        assertThat(pages).allSatisfy(page -> assertThat(page.join()).isSameAs(bytes));
        assertThat(counted.times).isEqualTo(1);
    }

    @Test
    void compressesWhatItHasWritten() {
        byte[] page = written(false, false);
        assertThat(Gzip.plain(written(false, true))).isEqualTo(page);
        assertThat(counted.times).isEqualTo(1);
    }

    @Test
    void tellsInPlainTextWhatItHasWrittenCompressed() {
        byte[] page = written(true, true);
        assertThat(written(true, false)).isEqualTo(Gzip.plain(page));
        assertThat(counted.times).isEqualTo(1);
    }

    @Test
    void writesEachFormat() {
        assertThat(new String(written(true, false))).endsWith("# EOF\n");
        assertThat(new String(written(false, false))).doesNotContain("# EOF");
        assertThat(counted.times).isEqualTo(2);
    }

    @Test
    void writesAnewAfterAPoll() {
        written(false, false);
        snapshot = snapshotAt(5);
        attribution.refresh();
        assertThat(new String(written(false, false))).contains("gpu_exporter_last_poll_timestamp_seconds 5.0\n");
        assertThat(counted.times).isEqualTo(2);
    }

    @Test
    void writesAnewWithAnotherMapOfPods() {
        written(false, false);
        workloads = WorkloadIndex.empty(Instant.ofEpochSecond(5));
        attribution.refresh();
        written(false, false);
        assertThat(counted.times).isEqualTo(2);
    }

    @Test
    void writesEveryTimeWithoutFreshReadings() {
        fresh = false;
        byte[] first = written(false, false);
        assertThat(new String(first)).doesNotContain("last_poll_timestamp").contains("gpu_exporter_simulated 1.0\n");
        assertThat(written(false, false)).isNotEqualTo(first);
        assertThat(counted.times).isEqualTo(2);
    }

    @Test
    void triesAgainAfterACollectorFailed() {
        counted.broken = true;
        CompletableFuture<byte[]> page = exposition.page(false, true);
        write();
        assertThatThrownBy(page::join).hasRootCauseMessage("a collector of somebody's fails");
        counted.broken = false;
        assertThat(written(false, true)).isNotEmpty();
    }

    private byte[] written(boolean openMetrics, boolean gzip) {
        CompletableFuture<byte[]> page = exposition.page(openMetrics, gzip);
        write();
        return page.join();
    }

    /** What the exporter's worker thread does. */
    private void write() {
        for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
        }
    }

    private static Snapshot snapshotAt(long second) {
        return new Snapshot(Instant.ofEpochSecond(second), Duration.ZERO, Optional.empty(), List.of());
    }
}
