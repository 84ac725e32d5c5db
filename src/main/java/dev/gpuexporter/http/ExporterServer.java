package dev.gpuexporter.http;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.attribution.NodeView;
import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.config.ListenAddress;
import dev.gpuexporter.exposition.Exposition;
import dev.gpuexporter.exposition.Format;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers HTTP. Nothing here waits: pages are encoded elsewhere, readings and owners are whatever is current. */
public final class ExporterServer {
    private static final Logger log = LoggerFactory.getLogger(ExporterServer.class);
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final Exposition exposition;
    private final Attribution attribution;
    private final Poller poller;
    private final StatusPage page;
    private final Connections connections = new Connections();
    private final Access access;
    private final FrontDoor door;
    private int scrapes;

    public ExporterServer(
            Vertx vertx,
            Exposition exposition,
            Attribution attribution,
            Poller poller,
            Web web,
            boolean simulated,
            String version) {
        this.exposition = exposition;
        this.attribution = attribution;
        this.poller = poller;
        this.page = new StatusPage(simulated, version, poller.interval().toSeconds());
        this.access = new Access(web.config(), web.cluster(), web.registry());
        this.door = new FrontDoor(vertx, web, access, connections, routes(vertx), probes(vertx));
        connections.watch(vertx);
    }

    /** Answers with the port that was bound. */
    public Future<Integer> listen(ListenAddress address) {
        return door.open(address);
    }

    public Future<Void> close() {
        access.close();
        return door.close();
    }

    private Router routes(Vertx vertx) {
        Router router = probes(vertx);
        router.route().handler(access::admit);
        get(router, "/metrics", this::metrics);
        get(router, "/", this::status);
        return router;
    }

    /** What anybody may ask: a kubelet has neither password nor token. */
    private Router probes(Vertx vertx) {
        Router router = Router.router(vertx);
        router.route().handler(access::addHeaders);
        get(router, "/-/healthy", context -> send(context, 200, PLAIN, "alive\n"));
        get(router, "/-/ready", context -> {
            Optional<String> problem = notReady();
            send(context, problem.isEmpty() ? 200 : 503, PLAIN, problem.orElse("ready") + "\n");
        });
        get(
                router,
                "/health",
                context -> send(
                        context,
                        200,
                        PLAIN,
                        "alive, " + notReady().map(why -> "not ready: " + why).orElse("ready") + "\n"));
        router.errorHandler(
                404,
                context -> send(
                        context, 404, PLAIN, "not found; there are /metrics, /, /-/healthy, /-/ready and /health\n"));
        router.errorHandler(500, context -> {
            log.error(
                    "{} {} failed",
                    context.request().method(),
                    context.request().path(),
                    context.failure());
            send(context, 500, PLAIN, "this request failed; the log says why\n");
        });
        return router;
    }

    private void get(Router router, String path, io.vertx.core.Handler<RoutingContext> handler) {
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(handler);
        router.route(path).handler(context -> {
            context.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            send(context, 405, PLAIN, "only GET and HEAD\n");
        });
    }

    private void metrics(RoutingContext context) {
        if (scrapes == Limits.SCRAPES) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(Limits.RETRY_AFTER_SECONDS));
            send(context, 503, PLAIN, "more than " + Limits.SCRAPES + " scrapes at once\n");
            return;
        }
        scrapes++;
        Future.<Void>succeededFuture()
                .compose(now -> scrape(context)) // what it throws fails it, too
                .onComplete(answered -> scrapes--)
                .onFailure(context::fail);
    }

    /** Done when the page has been taken to the last byte, or never will be; fails where there is no page. */
    private Future<Void> scrape(RoutingContext context) {
        Format format = exposition.format(context.request().getHeader(HttpHeaders.ACCEPT));
        boolean gzip = Format.acceptsGzip(context.request().getHeader(HttpHeaders.ACCEPT_ENCODING));
        return Future.fromCompletionStage(
                        exposition.page(format.openMetrics(), gzip),
                        context.vertx().getOrCreateContext())
                .compose(bytes -> {
                    HttpServerResponse response = context.response();
                    response.putHeader(HttpHeaders.VARY, "Accept, Accept-Encoding");
                    if (gzip) {
                        response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
                    }
                    // The page itself: a copy for each scrape would fill the heap.
                    Buffer body = BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
                    return send(context, 200, format.contentType(), body);
                });
    }

    private void status(RoutingContext context) {
        NodeView node = attribution.current();
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        send(context, 200, "text/html; charset=utf-8", page.render(node, poller.isFresh(node.snapshot())));
    }

    /** Why there is nothing to scrape; empty where there is. */
    private Optional<String> notReady() {
        if (poller.current().nvmlProblem().isPresent()) {
            return poller.current().nvmlProblem();
        }
        if (!poller.isFresh()) {
            return Optional.of("no fresh readings");
        }
        return poller.current().hasData() ? Optional.empty() : Optional.of("no GPU answers");
    }

    private Future<Void> send(RoutingContext context, int status, String contentType, String body) {
        return send(context, status, contentType, Buffer.buffer(body));
    }

    /** Done when the answer has been taken to the last byte, or never will be. */
    private Future<Void> send(RoutingContext context, int status, String contentType, Buffer body) {
        HttpServerResponse response = context.response();
        if (response.closed() || response.ended()) {
            return Future.succeededFuture();
        }
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        HttpConnection connection = context.request().connection();
        connections.answering(connection);
        return end(context.request().method(), response, body)
                .onComplete(sent -> connections.answered(connection))
                .otherwiseEmpty(); // whoever went away wants none of it
    }

    private static Future<Void> end(HttpMethod method, HttpServerResponse response, Buffer body) {
        if (method == HttpMethod.HEAD) {
            return response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                    .end();
        }
        return response.end(body);
    }
}
