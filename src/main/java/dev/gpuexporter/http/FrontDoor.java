package dev.gpuexporter.http;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.ListenAddress;
import dev.gpuexporter.config.WebConfig;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** The listener, with TLS where that is set, and a second one for probes alone where one is asked for. */
final class FrontDoor {
    private final Web web;
    private final Access access;
    private final HttpServer server;
    private final Optional<HttpServer> probes;
    private final Optional<WebReload> reload;

    /** @throws IllegalArgumentException where Java cannot serve with the certificate */
    FrontDoor(
            Vertx vertx,
            Web web,
            Access access,
            Connections connections,
            Handler<HttpServerRequest> everything,
            Handler<HttpServerRequest> probesAlone) {
        this.web = web;
        this.access = access;
        this.server = watched(server(vertx, web.config()), connections, everything);
        this.probes = web.probes().map(address -> watched(plain(vertx), connections, probesAlone));
        this.reload = web.changed().map(changed -> new WebReload(web.config(), changed, this::takeUp, web.registry()));
    }

    private static HttpServer watched(HttpServer server, Connections connections, Handler<HttpServerRequest> requests) {
        return server.connectionHandler(connections::opened).requestHandler(request -> {
            connections.asked(request.connection());
            requests.handle(request);
        });
    }

    private static HttpServer plain(Vertx vertx) {
        return vertx.createHttpServer(Limits.options());
    }

    private static HttpServer server(Vertx vertx, WebConfig config) {
        if (config.tls().isEmpty()) {
            return plain(vertx);
        }
        HttpServerConfig options = new HttpServerConfig(Limits.options());
        options.setVersions(
                config.http2()
                        ? new HttpVersion[] {HttpVersion.HTTP_2, HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_0}
                        : new HttpVersion[] {HttpVersion.HTTP_1_1, HttpVersion.HTTP_1_0});
        try {
            return vertx.createHttpServer(options, TlsOptions.of(config.tls().get(), config.http2()));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Connections that are open go on as they were made. */
    private Future<?> takeUp(WebConfig next) {
        if (next.tls().isEmpty()) {
            access.configure(next);
            return Future.succeededFuture();
        }
        try {
            return server.updateSSLOptions(TlsOptions.of(next.tls().get(), next.http2()), true)
                    .onSuccess(done -> access.configure(next));
        } catch (GeneralSecurityException e) {
            return Future.failedFuture(e);
        }
    }

    /** Answers with the port that was bound; the probes' listener opens first. */
    Future<Integer> open(ListenAddress address) {
        return openProbes()
                .compose(open -> server.listen(address.port(), address.host()))
                .map(HttpServer::actualPort)
                .onSuccess(port -> reload.ifPresent(WebReload::start));
    }

    private Future<?> openProbes() {
        if (probes.isEmpty()) {
            return Future.succeededFuture();
        }
        ListenAddress address = web.probes().orElseThrow();
        return probes.get()
                .listen(address.port(), address.host())
                .recover(why -> Future.failedFuture(
                        new BadInputException("web.probe-listen: " + address + ": " + why.getMessage())));
    }

    Future<Void> close() {
        reload.ifPresent(WebReload::close);
        Future<Void> closed = server.close();
        return probes.map(also -> Future.join(closed, also.close()).<Void>mapEmpty())
                .orElse(closed);
    }
}
