package dev.gpuexporter.exposition;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.attribution.SeriesBuilder;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.Settings.Naming;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What {@code /metrics} answers. The first request for a view of the node encodes it, off its caller's thread; whoever
 * asks for the same afterwards gets the same bytes. Without fresh readings the exporter's own series are written anew
 * each time.
 */
public final class Exposition {
    private static final int SOME_BYTES = 4096;

    private final PrometheusMeterRegistry registry;
    private final Attribution attribution;
    private final Predicate<Snapshot> fresh;
    private final Executor encoder;
    private final Naming naming;
    private final Function<NodeView, byte[]> dcgm;
    private final NodeSeries series;
    private final PageWriter writer = new PageWriter();

    /** Of the pages before, and some more; guarded by the writer, which writes one page at a time. */
    private final Map<Page, Integer> sizes = new EnumMap<>(Page.class);

    private volatile Pages pages = new Pages(null);

    /** The pages of one view of the node. */
    private record Pages(NodeView view, Map<Page, CompletableFuture<byte[]>> encoded) {
        Pages(NodeView view) {
            this(view, new ConcurrentHashMap<>());
        }
    }

    private enum Page {
        TEXT(false, false),
        TEXT_COMPRESSED(false, true),
        OPEN_METRICS(true, false),
        OPEN_METRICS_COMPRESSED(true, true);

        private final boolean openMetrics;
        private final boolean gzip;

        Page(boolean openMetrics, boolean gzip) {
            this.openMetrics = openMetrics;
            this.gzip = gzip;
        }

        static Page of(boolean openMetrics, boolean gzip) {
            if (openMetrics) {
                return gzip ? OPEN_METRICS_COMPRESSED : OPEN_METRICS;
            }
            return gzip ? TEXT_COMPRESSED : TEXT;
        }
    }

    /**
     * Under the exporter's own names.
     *
     * @param fresh whether a snapshot may be served
     * @param encoder runs what must not hold up the event loop
     */
    public Exposition(
            PrometheusMeterRegistry registry,
            Attribution attribution,
            SeriesBuilder builder,
            Predicate<Snapshot> fresh,
            Supplier<ExporterState> state,
            Executor encoder) {
        this(registry, attribution, builder, fresh, state, encoder, Naming.NATIVE, node -> new byte[0]);
    }

    /** @param dcgm writes a node under DCGM's names */
    public Exposition(
            PrometheusMeterRegistry registry,
            Attribution attribution,
            SeriesBuilder builder,
            Predicate<Snapshot> fresh,
            Supplier<ExporterState> state,
            Executor encoder,
            Naming naming,
            Function<NodeView, byte[]> dcgm) {
        this.registry = registry;
        this.attribution = attribution;
        this.fresh = fresh;
        this.encoder = encoder;
        this.naming = naming;
        this.dcgm = dcgm;
        this.series = new NodeSeries(
                fresh, state, naming == Naming.DCGM ? node -> List.of() : builder::series, BuildInfo.load());
    }

    /**
     * How a scrape is answered: DCGM's counters have no {@code _total}, so OpenMetrics has no way to write them.
     *
     * @param accept the header, or null
     */
    public Format format(String accept) {
        Format best = Format.negotiate(accept);
        return naming == Naming.NATIVE ? best : new Format(false, best.escaping());
    }

    /** The bytes that answer a scrape. */
    public CompletableFuture<byte[]> page(boolean openMetrics, boolean gzip) {
        Pages newest = current();
        boolean servable = fresh.test(newest.view().snapshot());
        return page(servable ? newest.encoded() : new ConcurrentHashMap<>(), openMetrics, gzip);
    }

    private CompletableFuture<byte[]> page(
            Map<Page, CompletableFuture<byte[]>> encoded, boolean openMetrics, boolean gzip) {
        Page page = Page.of(openMetrics, gzip);
        CompletableFuture<byte[]> known = encoded.get(page);
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        // Not computeIfAbsent: a page may be made of the other one, in the same map.
        synchronized (encoded) {
            known = encoded.get(page);
            if (known == null || known.isCompletedExceptionally()) {
                known = encoded(page, encoded.get(Page.of(openMetrics, !gzip)));
                encoded.put(page, known);
            }
            return known;
        }
    }

    private CompletableFuture<byte[]> encoded(Page page, CompletableFuture<byte[]> other) {
        return other == null || other.isCompletedExceptionally()
                ? CompletableFuture.supplyAsync(() -> encode(page), encoder)
                : other.thenApplyAsync(page.gzip ? Gzip::of : Gzip::plain, encoder);
    }

    private Pages current() {
        NodeView view = attribution.current();
        Pages known = pages;
        if (known.view() != view) {
            synchronized (this) {
                if (pages.view() != view) {
                    pages = new Pages(view);
                }
                return pages;
            }
        }
        return known;
    }

    /** Whoever takes it compressed, as Prometheus does, takes no memory for the plain one. */
    private byte[] encode(Page asked) {
        synchronized (writer) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(sizes.getOrDefault(asked, SOME_BYTES));
            try (OutputStream out = asked.gzip ? Gzip.to(bytes) : bytes) {
                write(asked.openMetrics, out);
            } catch (IOException e) { // memory does not fail so
                throw new UncheckedIOException(e);
            }
            sizes.put(asked, bytes.size() + SOME_BYTES);
            return bytes.toByteArray();
        }
    }

    private void write(boolean openMetrics, OutputStream out) throws IOException {
        NodeView node = attribution.current();
        writer.write(
                openMetrics, series.of(node), registry.getPrometheusRegistry().scrape(), out);
        if (naming != Naming.NATIVE && fresh.test(node.snapshot())) {
            out.write(dcgm.apply(node));
        }
    }
}
