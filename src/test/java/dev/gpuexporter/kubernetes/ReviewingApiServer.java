package dev.gpuexporter.kubernetes;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.gpuexporter.testing.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** An API server by TLS that reviews tokens and rights, for the one service account whose token it was given. */
public final class ReviewingApiServer implements AutoCloseable {
    private static final String WHO = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String MAY_THEY = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    private final Certificates certificates;
    private final Path token;
    private final int port;
    private WireMockServer server;

    /** @param directory for its certificate, and the token that it was given */
    public ReviewingApiServer(Path directory, String serviceAccountToken) {
        try {
            certificates = new Certificates(directory).server("kubernetes");
            token = Files.writeString(directory.resolve("token"), serviceAccountToken);
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** What tells a process where it is, as in a pod; the files of a pod lie where only root may write. */
    public Map<String, String> environment() {
        return Map.of(
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                Integer.toString(port),
                "KUBERNETES_AUTH_SERVICEACCOUNT_TOKEN",
                token.toString(),
                "KUBERNETES_CERTS_CA_FILE",
                certificates.certificate("kubernetes").toString(),
                "KUBERNETES_AUTH_TRYKUBECONFIG",
                "false");
    }

    /** Knows this token's owner from now on, and whether they may get /metrics. */
    public ReviewingApiServer knows(String token, String user, boolean mayGetMetrics) {
        server.stubFor(review(WHO)
                .withRequestBody(matchingJsonPath("$.spec.token", equalTo(token)))
                .willReturn(okJson("""
                        {"status": {"authenticated": true, "user": {"username": "%s"}}}""".formatted(user))));
        server.stubFor(review(MAY_THEY)
                .withRequestBody(matchingJsonPath("$.spec.user", equalTo(user)))
                .withRequestBody(matchingJsonPath("$.spec.nonResourceAttributes.path", equalTo("/metrics")))
                .willReturn(okJson("{\"status\": {\"allowed\": %s}}".formatted(mayGetMetrics))));
        return this;
    }

    private MappingBuilder review(String path) {
        try {
            return post(urlPathEqualTo(path)).withHeader("Authorization", equalTo("Bearer " + Files.readString(token)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How often it was asked whose a token is. */
    public int tokenReviews() {
        return server.countRequestsMatching(
                        postRequestedFor(urlPathEqualTo(WHO)).build())
                .getCount();
    }

    /** How often it was asked what somebody may do. */
    public int accessReviews() {
        return server.countRequestsMatching(
                        postRequestedFor(urlPathEqualTo(MAY_THEY)).build())
                .getCount();
    }

    /** Starts at the same place, and knows nobody; whoever brings no token of the service account is turned away. */
    public ReviewingApiServer start() {
        server = new WireMockServer(WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .httpDisabled(true)
                .httpsPort(port)
                .keystorePath(certificates.store().toString())
                .keystorePassword(Certificates.PASSWORD)
                .keyManagerPassword(Certificates.PASSWORD)
                .keystoreType("PKCS12")
                .jettyStopTimeout(0L));
        server.stubFor(post(WireMock.anyUrl()).atPriority(20).willReturn(FakeApiServer.status(401)));
        server.stubFor(review(WHO).atPriority(10).willReturn(okJson("{\"status\": {\"authenticated\": false}}")));
        server.start();
        return this;
    }

    public void stop() {
        server.stop();
    }

    @Override
    public void close() {
        server.stop();
    }
}
