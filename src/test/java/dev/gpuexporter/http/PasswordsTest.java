package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import at.favre.lib.crypto.bcrypt.BCrypt;
import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.Scrape;
import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Users and their passwords, over a socket. */
@Timeout(60)
class PasswordsTest {
    private static final int COST = 10;
    private static final int FLOOD = 100;

    @TempDir
    private static Path directory;

    private static RunningExporter exporter;

    @BeforeAll
    static void start() throws IOException {
        Path file = Files.writeString(
                directory.resolve("web.yml"),
                "basic_auth_users:\n  prometheus: " + hash("right") + "\n  grafana: " + hash("other") + "\n");
        exporter = RunningExporter.set(RunningExporter.scenario("t4"), Map.of("web.config-file", file.toString()));
    }

    @AfterAll
    static void stop() {
        exporter.close();
    }

    private static String hash(String password) {
        return BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(COST, password.toCharArray());
    }

    @Test
    void takesThePasswordThatTheDocsNameForTheirExample() throws Exception {
        Matcher shown = Pattern.compile("prometheus: (\\$2y\\$\\S+)")
                .matcher(Files.readString(Project.directory().resolve("docs/securing.md")));
        assertThat(shown.find()).isTrue();

        try (Passwords passwords = new Passwords(System::nanoTime)) {
            Map<String, String> users = Map.of("prometheus", shown.group(1));
            assertThat(passwords.check(users, "prometheus", "secret").get()).isEqualTo(Verdict.ADMITTED);
            assertThat(passwords.check(users, "prometheus", "Secret").get()).isEqualTo(Verdict.WRONG);
        }
    }

    @Test
    void knowsWhoComesAgainInTimeHoweverLongTheyStay() throws Exception {
        AtomicLong nanos = new AtomicLong();
        Map<String, String> users = Map.of("prometheus", hash("right"));
        try (Passwords passwords = new Passwords(nanos::get)) {
            assertThat(passwords.check(users, "prometheus", "right").get()).isEqualTo(Verdict.ADMITTED);
            for (int i = 0; i < 4; i++) {
                nanos.addAndGet(Duration.ofMinutes(14).toNanos());
                assertThat(passwords.check(users, "prometheus", "right")).isCompletedWithValue(Verdict.ADMITTED);
            }
            nanos.addAndGet(Duration.ofMinutes(15).toNanos());
            CompletableFuture<Verdict> stranger = passwords.check(users, "prometheus", "right");
            assertThat(stranger).as("bcrypt is asked").isNotDone();
            assertThat(stranger.get()).isEqualTo(Verdict.ADMITTED);
        }
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "prometheus, right, 200",
        "grafana,    other, 200",
        "prometheus, other, 401",
        "prometheus, '',    401",
        "nobody,     right, 401",
        "'',         right, 401",
    })
    void letsInWhoKnowsTheirOwnPassword(String user, String password, int status) {
        for (String path : List.of("/metrics", "/")) {
            assertThat(exporter.get(path, "Authorization", basic(user, password))
                            .statusCode())
                    .isEqualTo(status);
        }
    }

    @Test
    void saysWhatIsMissing() {
        HttpResponse<byte[]> answer = exporter.get("/metrics");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Basic realm=\"gpu-exporter\"");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEqualTo("credentials are needed\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer abc", "Basic ???", "Basic", "Basic bm9jb2xvbg==", "Digest a=b"})
    void takesNothingElseForCredentials(String header) {
        assertThat(exporter.get("/metrics", "Authorization", header).statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/-/healthy", "/-/ready", "/health"})
    void letsProbesThroughWithoutAny(String path) {
        assertThat(exporter.get(path).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"//metrics", "/-/healthy/../../metrics", "/metrics/", "/-/healthy/x", "/%6detrics", "/x"})
    void knowsNoWayAround(String path) {
        RawHttp answer = RawHttp.exchange(exporter.port(), "GET " + path);
        assertThat(answer.statusLine()).contains(" 401 ");
    }

    @Test
    void takesAsLongForAUserWhomThereIsNot() {
        exporter.get("/metrics", "Authorization", basic("prometheus", "warm"));
        long wrong = nanosOf(basic("prometheus", "wrong"));
        long unknown = nanosOf(basic("nobody", "wrong"));
        assertThat(unknown).isBetween(wrong / 3, wrong * 3);
        assertThat(unknown).as("bcrypt at work").isGreaterThan(TimeUnit.MILLISECONDS.toNanos(10));
    }

    /** The quickest of some: others are at work on this machine. */
    private static long nanosOf(String credentials) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            assertThat(exporter.get("/metrics", "Authorization", credentials).statusCode())
                    .isEqualTo(401);
            least = Math.min(least, System.nanoTime() - start);
        }
        return least;
    }

    @Test
    void aFloodOfWrongLoginsHoldsUpNobodyWhoIsKnown() throws Exception {
        String known = basic("prometheus", "right");
        Scrape before = Scrape.of(exporter.text("/metrics", "Authorization", known));
        assertThat(before.value("gpu_exporter_http_authentication_failures_total", "reason", "busy"))
                .isPresent();
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        List<CompletableFuture<HttpResponse<Void>>> flood = new ArrayList<>();
        // Each on a connection of its own; were they too many, the server would close some (AbuseIT).
        for (int i = 0; i < FLOOD; i++) {
            flood.add(http.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://" + exporter.address() + "/metrics"))
                            .header("Authorization", basic("prometheus", "guess" + i))
                            .timeout(Duration.ofSeconds(50))
                            .build(),
                    BodyHandlers.discarding()));
        }
        int scrapes = 0;
        long slowest = 0;
        while (flood.stream().anyMatch(answer -> !answer.isDone())) {
            long start = System.nanoTime();
            assertThat(exporter.get("/metrics", "Authorization", known).statusCode())
                    .isEqualTo(200);
            slowest = Math.max(slowest, System.nanoTime() - start);
            scrapes++;
        }
        assertThat(scrapes).as("scrapes during the flood").isGreaterThan(3);
        assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(2));
        Map<Integer, Integer> answers = new java.util.TreeMap<>();
        for (CompletableFuture<HttpResponse<Void>> answer : flood) {
            answers.merge(answer.get().statusCode(), 1, Integer::sum);
        }
        assertThat(answers.keySet()).containsExactlyInAnyOrder(401, 503);
        assertThat(answers.get(401) + answers.get(503)).isEqualTo(FLOOD);
        assertThat(exporter.get("/metrics", "Authorization", basic("grafana", "other"))
                        .statusCode())
                .as("nobody is locked out")
                .isEqualTo(200);
    }
}
