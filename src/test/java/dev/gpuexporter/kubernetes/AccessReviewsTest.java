package dev.gpuexporter.kubernetes;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.gpuexporter.kubernetes.AccessReviews.Answer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the API server is asked of a token, and what its answers mean. */
@Timeout(60)
class AccessReviewsTest {
    private static final String WHO = "/apis/authentication.k8s.io/v1/tokenreviews";
    private static final String MAY_THEY = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

    private WireMockServer cluster;
    private ApiServer server;
    private AccessReviews reviews;

    @BeforeEach
    void start() {
        cluster = new WireMockServer(
                WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());
        cluster.start();
        server = ApiServer.at("http://127.0.0.1:" + cluster.port(), Duration.ofMillis(20));
        reviews = new AccessReviews(server);
        cluster.stubFor(post(urlPathEqualTo(WHO)).willReturn(okJson("{\"status\": {}}")));
        cluster.stubFor(post(urlPathEqualTo(WHO))
                .withRequestBody(matchingJsonPath("$.spec.token", equalTo("of-prometheus")))
                .willReturn(okJson("""
                        {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "status": {
                          "authenticated": true, "user": {
                            "username": "system:serviceaccount:monitoring:prometheus", "uid": "42",
                            "groups": ["system:serviceaccounts", "system:authenticated"],
                            "extra": {"authentication.kubernetes.io/pod-name": ["prometheus-0"]}}}}""")));
    }

    @AfterEach
    void stop() {
        server.close();
        cluster.stop();
    }

    private void answers(String status) {
        cluster.stubFor(post(urlPathEqualTo(MAY_THEY)).willReturn(okJson("{\"status\": " + status + "}")));
    }

    @Test
    void asksForTheOwnersRightToGetTheMetrics() {
        answers("{\"allowed\": true}");
        assertThat(reviews.ask("of-prometheus")).isEqualTo(Answer.ALLOWED);
        cluster.verify(postRequestedFor(urlPathEqualTo(WHO))
                .withRequestBody(matchingJsonPath("$.kind", equalTo("TokenReview")))
                .withRequestBody(matchingJsonPath("$.apiVersion", equalTo("authentication.k8s.io/v1"))));
        cluster.verify(postRequestedFor(urlPathEqualTo(MAY_THEY))
                .withRequestBody(matchingJsonPath("$.kind", equalTo("SubjectAccessReview")))
                .withRequestBody(matchingJsonPath("$.spec.nonResourceAttributes.path", equalTo("/metrics")))
                .withRequestBody(matchingJsonPath("$.spec.nonResourceAttributes.verb", equalTo("get")))
                .withRequestBody(
                        matchingJsonPath("$.spec.user", equalTo("system:serviceaccount:monitoring:prometheus")))
                .withRequestBody(matchingJsonPath("$.spec.groups[1]", equalTo("system:authenticated")))
                .withRequestBody(matchingJsonPath("$.spec.uid", equalTo("42")))
                .withRequestBody(matchingJsonPath("$.spec.extra")));
    }

    @Test
    void knowsNobodyByAnotherToken() {
        answers("{\"allowed\": true}");
        assertThat(reviews.ask("made-up")).isEqualTo(Answer.UNKNOWN);
        cluster.verify(0, postRequestedFor(urlPathEqualTo(MAY_THEY)));
    }

    @Test
    void forbidsWhatTheRulesDoNotAllow() {
        answers("{\"allowed\": false, \"reason\": \"no rule\"}");
        assertThat(reviews.ask("of-prometheus")).isEqualTo(Answer.FORBIDDEN);
        answers("{\"allowed\": true, \"denied\": true}");
        assertThat(reviews.ask("of-prometheus")).isEqualTo(Answer.FORBIDDEN);
    }

    @Test
    void saysWhichRightTheExporterItselfLacks() {
        cluster.stubFor(post(urlPathEqualTo(WHO)).willReturn(FakeApiServer.status(403)));
        assertThat(reviews.ask("of-prometheus")).isEqualTo(Answer.SILENT);
        assertThat(server.problems())
                .containsEntry(
                        "tokenreviews", "HTTP status 403: the service account must be bound to system:auth-delegator");
    }

    @Test
    void isSilentWhereTheServerFailsOrIsGone() {
        cluster.stubFor(post(urlPathEqualTo(MAY_THEY)).willReturn(serverError()));
        assertThat(reviews.ask("of-prometheus")).isEqualTo(Answer.SILENT);
        cluster.stubFor(post(urlPathEqualTo(MAY_THEY)).willReturn(okJson("{}")));
        assertThat(reviews.ask("of-prometheus")).isEqualTo(Answer.SILENT);
        cluster.stop();
        assertThat(reviews.ask("of-prometheus")).isEqualTo(Answer.SILENT);
    }
}
