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
import dev.gpuexporter.testing.Eventually;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An API server of lists and watches for one kind of objects: a list names its version, a watch is asked for from a
 * version on. A watch that nothing is said about stays open and brings nothing new.
 */
public final class FakeApiServer implements AutoCloseable {
    static final Duration AGAIN = Duration.ofMillis(20);

    private static final int OPEN_MILLIS = 60_000;

    private static final Pattern VERSION = Pattern.compile("\"resourceVersion\": \"(\\d+)\"");

    private final String path;
    private final String apiVersion;
    private final String kind;
    private final int port;
    private WireMockServer server;

    public FakeApiServer(String path, String apiVersion, String kind) {
        this.path = path;
        this.apiVersion = apiVersion;
        this.kind = kind;
        server = create(0);
        server.start();
        port = server.port();
    }

    public static FakeApiServer ofPods() {
        return new FakeApiServer("/api/v1/pods", "v1", "Pod");
    }

    private WireMockServer create(int port) {
        WireMockServer one = new WireMockServer(WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .port(port)
                .jettyStopTimeout(0L));
        one.stubFor(watch().atPriority(10).willReturn(bodyOf(bookmark("0")).withChunkedDribbleDelay(100, OPEN_MILLIS)));
        return one;
    }

    public ApiServer client() {
        return ApiServer.at("http://127.0.0.1:" + port, AGAIN);
    }

    private MappingBuilder watch() {
        return get(urlPathEqualTo(path)).withQueryParam("watch", equalTo("true"));
    }

    private MappingBuilder list() {
        return get(urlPathEqualTo(path)).withQueryParam("watch", absent());
    }

    public FakeApiServer lists(String version, String... objects) {
        server.stubFor(list().willReturn(okJson("""
                {"apiVersion": "%s", "kind": "%sList", "metadata": {"resourceVersion": "%s"}, "items": [%s]}""".formatted(apiVersion, kind, version, String.join(",", objects)))));
        return this;
    }

    public FakeApiServer answersListsWith(int status) {
        server.stubFor(list().willReturn(status(status)));
        return this;
    }

    /** It takes what it is asked, and says nothing for as long as any test. */
    public FakeApiServer hangs() {
        server.stubFor(list().willReturn(status(500).withFixedDelay(OPEN_MILLIS)));
        return this;
    }

    /** After these events, the server ends the watch. One that asks again after some of them gets the others. */
    FakeApiServer watches(String fromVersion, String... events) {
        String version = fromVersion;
        for (int i = 0; i < events.length; i++) {
            watchAnswers(version, bodyOf(Arrays.copyOfRange(events, i, events.length)));
            Matcher next = VERSION.matcher(events[i]);
            version = next.find() ? next.group(1) : version;
        }
        return this;
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
    public List<LoggedRequest> requests() {
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

    /** Breaks off the watch that is open, or comes soon. */
    public void stop() {
        if (!requests().isEmpty()) {
            // A connection that is made just now would be neither served nor refused.
            Eventually.holds("a watch is open", () -> !watchedFrom().isEmpty());
        }
        server.stop();
    }

    /** On the same port, with nothing but what is set before it is asked. */
    public void startAgain(Consumer<FakeApiServer> settings) {
        server = create(port);
        settings.accept(this);
        server.start();
    }

    @Override
    public void close() {
        server.stop();
    }
}
