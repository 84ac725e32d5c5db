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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * What {@code /metrics} answers. The first request for a view of the node encodes it, off its caller's thread; whoever
 * asks for the same afterwards gets the same bytes. Without fresh readings the exporter's own series are written anew
 * each time.
 */
public final class Exposition {
    private final PrometheusMeterRegistry registry;
    private final Attribution attribution;
    private final Predicate<Snapshot> fresh;
    private final Executor encoder;
    private final Naming naming;
    private final Function<NodeView, byte[]> dcgm;
    private final NodeSeries series;
    private final PageWriter writer = new PageWriter();
    private volatile Pages pages = new Pages(null);

    /** The pages of one view of the node. */
    private record Pages(NodeView view, Map<Page, CompletableFuture<byte[]>> encoded) {
        Pages(NodeView view) {
            this(view, new ConcurrentHashMap<>());
        }
    }

    private record Page(boolean openMetrics, boolean gzip) {}

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
        Page page = new Page(openMetrics, gzip);
        CompletableFuture<byte[]> known = encoded.get(page);
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        // Not computeIfAbsent: the gzip page is made from the plain one, in the same map.
        synchronized (encoded) {
            known = encoded.get(page);
            if (known == null || known.isCompletedExceptionally()) {
                known = gzip
                        ? page(encoded, openMetrics, false).thenApplyAsync(Exposition::gzip, encoder)
                        : CompletableFuture.supplyAsync(() -> encode(openMetrics), encoder);
                encoded.put(page, known);
            }
            return known;
        }
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

    private byte[] encode(boolean openMetrics) {
        NodeView node = attribution.current();
        byte[] page = writer.write(
                openMetrics, series.of(node), registry.getPrometheusRegistry().scrape());
        return naming == Naming.NATIVE || !fresh.test(node.snapshot()) ? page : both(page, dcgm.apply(node));
    }

    private static byte[] both(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static byte[] gzip(byte[] page) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(page.length / 8 + 64);
        try (OutputStream out = new FastGzip(bytes)) {
            out.write(page);
        } catch (IOException e) { // memory does not fail so
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A page is sent a few times at most, so the quickest level pays. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 8192);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
