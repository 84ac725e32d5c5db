package dev.gpuexporter.kubernetes;

import static dev.gpuexporter.kubernetes.FakeApiServer.error;
import static dev.gpuexporter.kubernetes.FakeApiServer.event;
import static dev.gpuexporter.kubernetes.FakeApiServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Log;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodMetadataTest {
    private static final String A = pod("a", "11", "team-a");
    private static final String B = pod("b", "12", "team-b");

    private final Log log = Log.of(ApiServer.class);
    private final FakeApiServer server = FakeApiServer.ofPods();
    private final ApiServer client = server.client();
    private final PodMetadata pods = new PodMetadata(client, "node-a", new PodLabels(List.of("team")));

    @AfterEach
    void stop() {
        pods.close();
        client.close();
        server.close();
        log.close();
    }

    private static String pod(String name, String version, String team) {
        return """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "research", "name": "%s",
                 "uid": "uid-of-%s", "resourceVersion": "%s", "labels": {"team": "%s"}},
                 "status": {"containerStatuses": [{"name": "main", "containerID": "containerd://id-of-%s"}]}}""".formatted(name, name, version, team, name);
    }

    private Optional<String> team(String pod) {
        return pods.current().pod("research", pod).map(found -> found.labels().get("label_team"));
    }

    private void awaitTeam(String pod, String team) {
        Eventually.holds(pod + " is of " + team, () -> team(pod).equals(Optional.of(team)));
    }

    private void awaitGone(String pod) {
        Eventually.holds(pod + " is gone", () -> team(pod).isEmpty());
    }

    @Test
    void knowsThePodsOfTheNode() {
        server.lists("12", A, B);
        pods.start();

        awaitTeam("b", "team-b");
        assertThat(pods.current().pod("research", "a").orElseThrow().uid()).isEqualTo("uid-of-a");
        assertThat(pods.current().container("id-of-a")).contains(new Workload("research", "a", "main"));
        assertThat(client.isUp()).isTrue();
    }

    /** Whoever serves an API of that name: one object that says nothing is not to cost the others. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'metadata': null}",
                "{'metadata': {'namespace': 'research', 'name': 'odd', 'ownerReferences': [{'controller': true}]}}",
                "{'metadata': {'namespace': 'research', 'name': 'odd', 'labels': {'team': null}}}",
                "{'metadata': {'namespace': 'research', 'name': 'odd'},"
                        + " 'status': {'containerStatuses': [null, {'containerID': 'containerd://x'}]}}",
                "{'metadata': {'namespace': 'research', 'name': 'odd'}, 'status': null}",
            })
    void losesNoOtherForAPodThatSaysNothing(String odd) {
        server.lists("12", odd.replace('\'', '"'), A, B);
        pods.start();
        awaitTeam("a", "team-a");
        awaitTeam("b", "team-b");
    }

    @Test
    void asksForThePodsOfThisNodeAlone() {
        server.lists("12", A).watches("12", event("ADDED", B));
        pods.start();
        Eventually.holds("a second watch", () -> server.watchedFrom().size() > 1);

        assertThat(server.requests()).hasSizeGreaterThan(2).allSatisfy(request -> {
            assertThat(request.getUrl()).startsWith("/api/v1/pods?");
            assertThat(request.queryParameter("fieldSelector").values()).containsExactly("spec.nodeName=node-a");
            assertThat(request.queryParameter("limit").isPresent()).isFalse();
            assertThat(request.getHeader("User-Agent")).isEqualTo("gpu-exporter");
        });
        // "0" is any version that the server has in its cache.
        assertThat(server.requests().get(0).queryParameter("resourceVersion").firstValue())
                .isEqualTo("0");
        assertThat(server.requests()
                        .get(1)
                        .queryParameter("allowWatchBookmarks")
                        .firstValue())
                .isEqualTo("true");
    }

    @Test
    void followsPodsAsTheyComeChangeAndGo() {
        server.lists("12", A, B)
                .watches(
                        "12",
                        event("ADDED", pod("c", "13", "team-c")),
                        event("MODIFIED", pod("a", "14", "another")),
                        event("DELETED", pod("b", "15", "team-b")));
        pods.start();

        awaitGone("b");
        awaitTeam("a", "another");
        awaitTeam("c", "team-c");
        Eventually.holds(
                "a watch from the last event on", () -> server.watchedFrom().contains("15"));
    }

    @Test
    void isTheSameObjectUntilSomethingInUseChanges() {
        server.lists("11", A).watches("11", event("MODIFIED", pod("a", "20", "team-a")));
        pods.start();
        awaitTeam("a", "team-a");
        PodIndex before = pods.current();

        Eventually.holds("the event was seen", () -> server.watchedFrom().contains("20"));
        assertThat(pods.current()).isSameAs(before);
    }

    @Test
    void goesOnFromABookmark() {
        server.lists("12", A).watches("12", server.bookmark("500"));
        pods.start();
        Eventually.holds(
                "a watch from the bookmark on", () -> server.watchedFrom().contains("500"));

        assertThat(team("a")).contains("team-a");
    }

    @Test
    void listsAnewWhenTheVersionIsGone() {
        server.lists("12", A, B).watches("12", error(410));
        pods.start();
        awaitTeam("b", "team-b");

        server.lists("600", A);
        awaitGone("b");
        Eventually.holds(
                "a watch from the new list on", () -> server.watchedFrom().contains("600"));
        assertThat(team("a")).contains("team-a");
        assertThat(client.isUp()).isTrue();
    }

    @Test
    void listsAnewWhenTheVersionIsGoneBeforeTheWatchBegins() {
        server.lists("12", A, B).watchAnswers("12", status(410));
        pods.start();
        awaitTeam("b", "team-b");

        server.lists("600", A);
        awaitGone("b");
        assertThat(client.isUp()).isTrue();
        assertThat(log.lines()).as("that is how it goes").containsExactly("INFO API server: pods are watched");
    }

    @Test
    void goesOnWhenAWatchDies() {
        server.lists("12", A).watchAnswers("12", WireMock.aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));
        pods.start();
        awaitTeam("a", "team-a");
        Eventually.holds("it is down", () -> !client.isUp());

        server.watches("12", event("ADDED", B));
        awaitTeam("b", "team-b");
        assertThat(team("a")).contains("team-a");
        assertThat(client.isUp()).isTrue();
    }

    @Test
    void goesOnWhenAWatchBringsRubbish() {
        server.lists("12", A).watches("12", "{\"type\": \"ADDED\", \"obj");
        pods.start();
        awaitTeam("a", "team-a");

        server.watches("12", event("ADDED", B));
        awaitTeam("b", "team-b");
    }

    @Test
    void saysOnceThatItMayNotAskAndGoesOnAsking() {
        server.answersListsWith(403);
        pods.start();
        Eventually.holds("several were refused", () -> server.requests().size() > 3);
        assertThat(client.isUp()).isFalse();
        assertThat(log.lines()).singleElement().asString().contains("pods from 127.0.0.1", "403", "list and watch");

        server.lists("12", A);
        awaitTeam("a", "team-a");
        assertThat(client.isUp()).isTrue();
    }

    @Test
    void keepsWhatItKnowsWhileTheServerIsIll() {
        server.lists("12", A).watchAnswers("12", status(500));
        pods.start();
        awaitTeam("a", "team-a");
        Eventually.holds("it is down", () -> !client.isUp());
        Eventually.holds("several failed", () -> server.watchedFrom().size() > 3);
        assertThat(team("a")).contains("team-a");
        assertThat(log.lines()).filteredOn(line -> line.contains("500")).hasSize(1);
    }

    @Test
    void waitsForNobodyWhileTheServerIsAway() {
        server.stop();
        pods.start();
        assertThat(pods.current()).isSameAs(PodIndex.EMPTY);
        Eventually.holds("it was asked", () -> !log.lines().isEmpty());
        assertThat(client.isUp()).isFalse();

        server.startAgain(again -> again.lists("12", A));
        awaitTeam("a", "team-a");
        assertThat(client.isUp()).isTrue();

        server.stop();
        Eventually.holds("it is down", () -> !client.isUp());
        assertThat(team("a")).contains("team-a");

        server.startAgain(again -> again.lists("700", B).watches("12", error(410)));
        awaitTeam("b", "team-b");
        awaitGone("a");
    }

    @Test
    void refusesToWatchTheWholeCluster() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PodMetadata(client, " ", new PodLabels(List.of())))
                .withMessageContaining("node's name");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void asksNothingOnceItIsClosed() {
        server.lists("12", A);
        pods.close();
        pods.start();
        try (PodMetadata later = new PodMetadata(client, "node-b", new PodLabels(List.of()))) {
            later.start();
            Eventually.holds("another watches", () -> !server.watchedFrom().isEmpty());
        }
        assertThat(pods.current()).isSameAs(PodIndex.EMPTY);
        assertThat(server.requests()).isNotEmpty().allSatisfy(request -> assertThat(
                        request.queryParameter("fieldSelector").firstValue())
                .isEqualTo("spec.nodeName=node-b"));
    }
}
