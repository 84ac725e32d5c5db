package dev.gpuexporter.kubernetes;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.QueryParameter;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.time.Duration;
import java.util.List;

/**
 * An API server of lists and watches for one kind of objects: a list names its version, a watch is asked for from a
 * version on. A watch that nothing is said about stays open and brings nothing new.
 */
final class FakeApiServer implements AutoCloseable {
    static final Duration AGAIN = Duration.ofMillis(20);

    private static final int OPEN_MILLIS = 60_000;

    private final String path;
    private final String apiVersion;
    private final String kind;
    private final int port;
    private WireMockServer server;

    FakeApiServer(String path, String apiVersion, String kind) {
        this.path = path;
        this.apiVersion = apiVersion;
        this.kind = kind;
        server = started(0);
        port = server.port();
    }

    static FakeApiServer ofPods() {
        return new FakeApiServer("/api/v1/pods", "v1", "Pod");
    }

    private WireMockServer started(int port) {
        WireMockServer one = new WireMockServer(WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .port(port)
                .jettyStopTimeout(0L));
        one.start();
        one.stubFor(watch().atPriority(10).willReturn(bodyOf(bookmark("0")).withChunkedDribbleDelay(100, OPEN_MILLIS)));
        return one;
    }

    ApiServer client() {
        return ApiServer.at("http://127.0.0.1:" + port, AGAIN);
    }

    private MappingBuilder watch() {
        return get(urlPathEqualTo(path)).withQueryParam("watch", equalTo("true"));
    }

    private MappingBuilder list() {
        return get(urlPathEqualTo(path)).withQueryParam("watch", absent());
    }

    FakeApiServer lists(String version, String... objects) {
        server.stubFor(list().willReturn(okJson("""
                {"apiVersion": "%s", "kind": "%sList", "metadata": {"resourceVersion": "%s"}, "items": [%s]}""".formatted(apiVersion, kind, version, String.join(",", objects)))));
        return this;
    }

    FakeApiServer answersListsWith(int status) {
        server.stubFor(list().willReturn(status(status)));
        return this;
    }

    /** After these events, the server ends the watch. */
    FakeApiServer watches(String fromVersion, String... events) {
        return watchAnswers(fromVersion, bodyOf(events));
    }

    FakeApiServer watchAnswers(String fromVersion, ResponseDefinitionBuilder answer) {
        server.stubFor(
                watch().withQueryParam("resourceVersion", equalTo(fromVersion)).willReturn(answer));
        return this;
    }

    static ResponseDefinitionBuilder status(int code) {
        return okJson(statusObject(code)).withStatus(code);
    }

    private static String statusObject(int code) {
        return """
                {"apiVersion": "v1", "kind": "Status", "status": "Failure", "code": %d, "metadata": {}}""".formatted(code);
    }

    static ResponseDefinitionBuilder bodyOf(String... events) {
        return okJson(String.join("\n", events) + "\n");
    }

    static String event(String type, String object) {
        return """
                {"type": "%s", "object": %s}""".formatted(type, object.replace('\n', ' '));
    }

    static String error(int code) {
        return event("ERROR", statusObject(code));
    }

    String bookmark(String version) {
        return event("BOOKMARK", """
                {"apiVersion": "%s", "kind": "%s", "metadata": {"resourceVersion": "%s"}}""".formatted(apiVersion, kind, version));
    }

    /** What was asked for so far, oldest first. */
    List<LoggedRequest> requests() {
        return server.getServeEvents().getRequests().stream()
                .map(event -> event.getRequest())
                .sorted((one, other) -> one.getLoggedDate().compareTo(other.getLoggedDate()))
                .toList();
    }

    /** The versions from which watches were asked for so far. */
    List<String> watchedFrom() {
        return requests().stream()
                .filter(request -> request.queryParameter("watch").isPresent())
                .map(request -> request.queryParameter("resourceVersion"))
                .filter(QueryParameter::isPresent)
                .map(QueryParameter::firstValue)
                .toList();
    }

    void stop() {
        server.stop();
    }

    /** On the same port, with nothing but empty watches. */
    FakeApiServer startAgain() {
        server = started(port);
        return this;
    }

    @Override
    public void close() {
        server.stop();
    }
}
