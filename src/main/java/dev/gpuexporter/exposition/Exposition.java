package dev.gpuexporter.exposition;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.attribution.SeriesBuilder;
import dev.gpuexporter.collection.Snapshot;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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
    private final PageWriter text = new PageWriter(false);
    private final PageWriter openMetrics = new PageWriter(true);
    private volatile Pages pages = new Pages(null);

    /** The pages of one view of the node. */
    private record Pages(NodeView view, Map<Page, CompletableFuture<byte[]>> encoded) {
        Pages(NodeView view) {
            this(view, new ConcurrentHashMap<>());
        }
    }

    private record Page(boolean openMetrics, boolean gzip) {}

    /**
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
        this.registry = registry;
        this.attribution = attribution;
        this.fresh = fresh;
        this.encoder = encoder;
        registry.getPrometheusRegistry()
                .register(new NodeCollector(attribution::current, fresh, state, builder, BuildInfo.load()));
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
        return (openMetrics ? this.openMetrics : text)
                .write(registry.getPrometheusRegistry().scrape());
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
