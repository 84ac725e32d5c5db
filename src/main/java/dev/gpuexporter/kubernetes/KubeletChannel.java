package dev.gpuexporter.kubernetes;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2ClientConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConfig;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** gRPC over HTTP/2 to one socket file, over one connection. All calls wait, and throw {@link KubeletFailure}. */
final class KubeletChannel implements AutoCloseable {
    /** A path is no authority: strict servers refuse the call. */
    private static final String AUTHORITY = "localhost";

    /** No field is set in any of the requests: what is left are the five bytes in front of the message. */
    private static final Buffer EMPTY_REQUEST = Buffer.buffer(new byte[5]);

    private static final long CANCEL = 0x8;

    private final Duration deadline;
    private final Runnable connected;
    private final Context loop;
    // Vert.x closes a client that nobody refers to.
    private final HttpClientAgent http;
    private final HttpConnectOptions server;
    private final RequestOptions call;

    /** None until the first call, and none once it broke. Of the event loop's alone, as all that is below {@link #ask}. */
    private Future<HttpClientConnection> connection;

    /** Connects with the first call, and again with the next one after the connection broke. */
    KubeletChannel(Vertx vertx, Path socket, Duration deadline, Runnable connected) {
        this.deadline = deadline;
        this.connected = connected;
        loop = vertx.getOrCreateContext();
        http = vertx.httpClientBuilder()
                .with(new HttpClientConfig()
                        .setVersions(HttpVersion.HTTP_2)
                        .setConnectTimeout(deadline)
                        .setHttp2Config(new Http2ClientConfig()
                                .setClearTextUpgrade(false)
                                .setInitialSettings(new Http2Settings().setPushEnabled(false))))
                // There is no pool, and nothing in it to look after each second.
                .with(new PoolOptions().setCleanerPeriod(0))
                .build();
        server = new HttpConnectOptions()
                .setServer(SocketAddress.domainSocketAddress(socket.toString()))
                .setHost(AUTHORITY)
                .setPort(80);
        call = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .putHeader("content-type", "application/grpc")
                .putHeader("te", "trailers")
                .putHeader("user-agent", "gpu-exporter")
                .putHeader("grpc-timeout", deadline.toMillis() + "m");
    }

    List<Allocation> list() {
        return call("/v1.PodResourcesLister/List", ListedDevices.V1).allocations();
    }

    Map<String, Set<DeviceId>> allocatable() {
        return call("/v1.PodResourcesLister/GetAllocatableResources", ListedDevices.ALLOCATABLE)
                .byResource();
    }

    List<Allocation> listV1alpha1() {
        return call("/v1alpha1.PodResourcesLister/List", ListedDevices.V1ALPHA1).allocations();
    }

    private <R> R call(String method, PieceByPiece<?, R> reader) {
        GrpcAnswer answer = new GrpcAnswer(deadline);
        AtomicReference<HttpClientRequest> request = new AtomicReference<>();
        loop.runOnContext(go -> ask(method, request, answer));
        try {
            return answer.read(reader);
        } catch (KubeletFailure failed) {
            loop.runOnContext(go -> {
                if (request.get() != null) {
                    request.get().reset(CANCEL);
                }
            });
            throw failed;
        }
    }

    private void ask(String method, AtomicReference<HttpClientRequest> asked, GrpcAnswer answer) {
        Future.succeededFuture()
                .compose(start -> connection())
                .compose(open -> open.request(new RequestOptions(call).setURI(method)))
                .compose(request -> {
                    asked.set(request);
                    return request.send(EMPTY_REQUEST);
                })
                .onSuccess(answer::begins)
                .onFailure(answer::fails);
    }

    private Future<HttpClientConnection> connection() {
        if (connection == null) {
            Future<HttpClientConnection> made = http.connect(server);
            connection = made;
            made.onFailure(failed -> forget(made)).onSuccess(open -> {
                connected.run();
                open.closeHandler(closed -> forget(made));
                open.exceptionHandler(broken -> forget(made));
                open.goAwayHandler(going -> {
                    forget(made);
                    open.shutdown(deadline);
                });
            });
        }
        return connection;
    }

    private void forget(Future<HttpClientConnection> broken) {
        if (connection == broken) {
            connection = null;
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
