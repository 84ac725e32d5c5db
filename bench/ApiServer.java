package bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PfxOptions;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lists the pods, and lets one watch them, as a cluster's API server does: over TLS and HTTP/2, to who has a token and
 * asks for this node's. Nothing happens to the pods; a watch says every minute that it is still there.
 */
final class ApiServer implements Closeable {
    private static final String NODE = "bench-node";
    private static final String TOKEN = "bench-token";
    private static final String PASSWORD = "bench-password";
    private static final int BOOKMARK_MILLIS = 60_000;
    private static final String BOOKMARK = """
            {"type":"BOOKMARK","object":{"apiVersion":"v1","kind":"Pod","metadata":{"resourceVersion":"1000"}}}
            """;

    private final Vertx vertx;
    private final HttpServer server;
    private final Path certificate;
    private final Path token;
    private final String pods;

    /** @param directory for its key, its certificate and the token that it lets in */
    ApiServer(Path directory, List<Pod> all) throws IOException, InterruptedException {
        Path keys = directory.resolve("api-server.p12");
        certificate = directory.resolve("ca.crt");
        token = Files.writeString(directory.resolve("token"), TOKEN);
        keytool(keys, "-genkeypair", "-keyalg", "EC", "-dname", "CN=bench", "-ext", "san=ip:127.0.0.1");
        keytool(keys, "-exportcert", "-rfc", "-file", certificate.toString());
        pods = "{\"apiVersion\":\"v1\",\"kind\":\"PodList\",\"metadata\":{\"resourceVersion\":\"1000\"},\"items\":"
                + all.stream().map(ApiServer::json).collect(Collectors.joining(",", "[", "]}"));
        vertx = Vertx.vertx();
        server = vertx.createHttpServer(new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new PfxOptions().setPath(keys.toString()).setPassword(PASSWORD)));
        server.requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** For an exporter that shall ask it; in place of what a pod finds below {@code /var/run/secrets}. */
    Map<String, String> environment() {
        return Map.of(
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                Integer.toString(server.actualPort()),
                "KUBERNETES_CERTS_CA_FILE",
                certificate.toString(),
                "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN",
                token.toString(),
                "KUBERNETES_AUTH_TRYKUBECONFIG",
                "false",
                "NODE_NAME",
                NODE,
                "GPU_EXPORTER_KUBERNETES_POD_METADATA",
                "on");
    }

    private void answer(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (!("Bearer " + TOKEN).equals(request.getHeader("Authorization"))) {
            response.setStatusCode(401).end();
        } else if (!request.path().equals("/api/v1/pods")
                || !("spec.nodeName=" + NODE).equals(request.getParam("fieldSelector"))) {
            response.setStatusCode(404).end();
        } else if ("true".equals(request.getParam("watch"))) {
            watch(response.putHeader("Content-Type", "application/json"));
        } else {
            response.putHeader("Content-Type", "application/json").end(pods);
        }
    }

    private void watch(HttpServerResponse response) {
        response.setChunked(true).write(BOOKMARK);
        long bookmarks = vertx.setPeriodic(BOOKMARK_MILLIS, timer -> response.write(BOOKMARK));
        response.closeHandler(closed -> vertx.cancelTimer(bookmarks));
    }

    /** Some KiB, as pods have them, of which the exporter reads a few lines. */
    private static String json(Pod pod) {
        return """
                {"metadata":{"namespace":"%s","name":"%s","uid":"%s","resourceVersion":"900",
                "labels":{"app":"%s","team":"search","pod-template-hash":"6d4cf56db6"},
                "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"%s-6d4cf56db6","controller":true}],
                "managedFields":[{"manager":"kubelet","operation":"Update","fieldsV1":{%s}}]},
                "spec":{"nodeName":"%s","containers":[{"name":"main","image":"registry.example/inference:1","env":[%s]}]},
                "status":{"phase":"Running","containerStatuses":[{"name":"main","ready":true,"containerID":"%s"}]}}""".formatted(
                        pod.namespace(),
                        pod.name(),
                        pod.uid(),
                        pod.deployment(),
                        pod.deployment(),
                        repeated("\"f:field-%d\":{\"f:type\":{},\"f:status\":{}}"),
                        NODE,
                        repeated("{\"name\":\"VARIABLE_%d\",\"value\":\"a value of some length\"}"),
                        "containerd://" + pod.uid().replace("-", "").repeat(2));
    }

    private static String repeated(String field) {
        return IntStream.range(0, 40).mapToObj(field::formatted).collect(Collectors.joining(","));
    }

    private static void keytool(Path keys, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-alias", "api-server", "-storepass", PASSWORD, "-keystore", keys.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + said);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
