package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.Scrape;
import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Tool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a scrape is asked for and answered, over a socket. */
@Timeout(60)
class MetricsEndpointTest {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final Duration AGE = Duration.ofMinutes(1);

    private static RunningExporter exporter;

    @BeforeAll
    static void start() {
        exporter = RunningExporter.afterOnePoll(RunningExporter.scenario("h200"), AGE);
    }

    @AfterAll
    static void stop() {
        exporter.close();
    }

    @Test
    void isTextForWhoeverAsksForNothing() {
        HttpResponse<byte[]> response = exporter.get("/metrics");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).isEqualTo(TEXT);
        assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(text(response)).contains("\ngpu_up{gpu=\"7\",").doesNotContain("# EOF");
    }

    @Test
    void isOpenMetricsForPrometheusTwo() {
        HttpResponse<byte[]> response = exporter.get(
                "/metrics",
                "Accept",
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1");
        assertThat(header(response, "Content-Type")).isEqualTo(OPEN_METRICS);
        assertThat(text(response)).endsWith("\n# EOF\n").contains("# TYPE gpu_energy_joules counter\n");
    }

    @Test
    void tellsPrometheusThreeThatItsEscapingIsKept() {
        HttpResponse<byte[]> response = exporter.get(
                "/metrics",
                "Accept",
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                        + "application/openmetrics-text;version=0.0.1;q=0.5,"
                        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,"
                        + "*/*;q=0.2");
        assertThat(header(response, "Content-Type")).isEqualTo(OPEN_METRICS + "; escaping=allow-utf-8");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "*/*",
                "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
                "application/openmetrics-text;version=1.0.0;q=0,text/plain;version=0.0.4;q=0.1",
                ";;;,,q=,\"",
            })
    void isTextForWhoeverWantsNothingElseThatWeSpeak(String accept) {
        assertThat(header(exporter.get("/metrics", "Accept", accept), "Content-Type"))
                .isEqualTo(TEXT);
    }

    @Test
    void echoesNoEscapingThatIsUnknown() {
        HttpResponse<byte[]> response =
                exporter.get("/metrics", "Accept", "text/plain;version=0.0.4;escaping=<script>alert(1)</script>");
        assertThat(header(response, "Content-Type")).isEqualTo(TEXT);
    }

    @Test
    void saysTheSameInBothFormats() {
        Scrape text = Scrape.of(exporter.text("/metrics"));
        Scrape openMetrics = Scrape.of(exporter.text("/metrics", "Accept", "application/openmetrics-text"));
        assertThat(ofGpus(openMetrics)).isEqualTo(ofGpus(text)).hasSizeGreaterThan(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/openmetrics-text"})
    void isTheSameBytesCompressed(String accept) throws IOException {
        HttpResponse<byte[]> plain = exporter.get("/metrics", "Accept", accept);
        HttpResponse<byte[]> gzip = exporter.get("/metrics", "Accept", accept, "Accept-Encoding", "gzip");
        assertThat(header(gzip, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(gzip, "Content-Type")).isEqualTo(header(plain, "Content-Type"));
        assertThat(gzip.body()).hasSizeLessThan(plain.body().length / 4);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes())
                .isEqualTo(plain.body());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                | true",
                "GZIP                | true",
                "deflate, gzip;q=0.5 | true",
                "gzip;q=0            | false",
                "br, zstd            | false",
                "identity            | false",
            })
    void isCompressedForWhoeverTakesIt(String acceptEncoding, boolean compressed) {
        HttpResponse<byte[]> response = exporter.get("/metrics", "Accept-Encoding", acceptEncoding);
        assertThat(response.headers().firstValue("Content-Encoding").isPresent())
                .isEqualTo(compressed);
        assertThat(header(response, "Vary")).isEqualTo("Accept, Accept-Encoding");
    }

    /** What the process says of itself is among them, and changes with every rendering. */
    @Test
    void isTheSameBytesUntilThereIsSomethingNew() {
        assertThat(exporter.get("/metrics").body())
                .isEqualTo(exporter.get("/metrics").body());
    }

    @Test
    void isEncodedOnceForAllWhoComeAtOnce() throws InterruptedException, ExecutionException {
        try (RunningExporter fresh = RunningExporter.afterOnePoll(RunningExporter.scenario("t4"), AGE)) {
            ExecutorService scrapers = Executors.newFixedThreadPool(8);
            List<Future<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(scrapers.submit(() -> fresh.get("/metrics").body()));
            }
            byte[] first = answers.get(0).get();
            for (Future<byte[]> answer : answers) {
                assertThat(answer.get()).isEqualTo(first);
            }
            scrapers.shutdown();
        }
    }

    @Test
    void hasNoBodyForHead() {
        RawHttp get = RawHttp.exchange(exporter.port(), "GET /metrics");
        RawHttp head = RawHttp.exchange(exporter.port(), "HEAD /metrics");
        assertThat(head.statusLine()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(head.body()).isEmpty();
        assertThat(head.headers())
                .containsEntry("Content-Length", Integer.toString(get.body().length()))
                .containsEntry("Content-Type", TEXT)
                .containsEntry("Vary", "Accept, Accept-Encoding");
    }

    @Test
    void saysTheCompressedLengthToACompressedHead() {
        RawHttp get = RawHttp.exchange(exporter.port(), "GET /metrics", "Accept-Encoding: gzip");
        RawHttp head = RawHttp.exchange(exporter.port(), "HEAD /metrics", "Accept-Encoding: gzip");
        assertThat(head.body()).isEmpty();
        assertThat(head.headers())
                .containsEntry("Content-Encoding", "gzip")
                .containsEntry("Content-Length", Integer.toString(get.body().length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/", "/-/healthy", "/-/ready", "/health"})
    void isNothingThatCanBeWritten(String path) {
        HttpResponse<byte[]> response = exporter.ask("POST", path);
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).isEqualTo("GET, HEAD");
        assertThat(text(response)).isEqualTo("only GET and HEAD\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metric", "/metrics/gpu", "/favicon.ico", "/..%2f..%2fetc/passwd"})
    void isHintedAtFromElsewhere(String path) {
        HttpResponse<byte[]> response = exporter.get(path);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(text(response)).contains("/metrics").doesNotContain("passwd");
    }

    @Test
    void isTheExportersOwnSeriesAloneOnceReadingsAreThreeIntervalsOld() {
        try (RunningExporter stale = RunningExporter.afterOnePoll(RunningExporter.scenario("t4"), AGE)) {
            stale.pass(Duration.ofHours(3));
            assertThat(stale.scrape().names()).contains("gpu_up");
            stale.pass(Duration.ofMillis(1));
            assertThat(stale.scrape().names())
                    .contains("gpu_exporter_build_info", "gpu_exporter_polls_total", "jvm_memory_used_bytes")
                    .doesNotContain("gpu_exporter_last_poll_timestamp_seconds")
                    .allMatch(name -> name.matches("(gpu_exporter|jvm|process)_.*"));
            assertThat(stale.get("/-/ready").statusCode()).isEqualTo(503);
        }
    }

    /** The kubelet lets nobody name a pod so; a label must hold it all the same. */
    @Test
    void escapesWhateverALabelHolds() {
        try (RunningExporter hostile = RunningExporter.afterOnePoll(Hostile.SCENARIO, AGE)) {
            for (String name : List.of(
                    "gpu_workload_info",
                    "gpu_workload_memory_used_bytes",
                    "gpu_workload_last_active_timestamp_seconds")) {
                assertThat(hostile.scrape().all(name, "pod", Hostile.POD))
                        .singleElement()
                        .satisfies(info -> assertThat(info.labels())
                                .containsEntry("namespace", Hostile.NAMESPACE)
                                .containsEntry("pod", Hostile.POD)
                                .containsEntry("container", Hostile.CONTAINER));
            }
            assertThat(hostile.scrape().all("gpu_workload_info", "pod", Hostile.LONG))
                    .singleElement()
                    .satisfies(info -> assertThat(info.labels()).containsEntry("resource", Hostile.RESOURCE));
            assertThat(hostile.scrape().value("gpu_resource_allocated", "resource", Hostile.RESOURCE))
                    .hasValue(1);
            byte[] page = hostile.get("/metrics").body();
            assertThat(Command.fed(page, Tool.PROMTOOL.require().toString(), "check", "metrics"))
                    .isEmpty();
        }
    }

    private static List<Scrape.Sample> ofGpus(Scrape scrape) {
        return scrape.samples().stream()
                .filter(sample -> sample.name().startsWith("gpu_"))
                .toList();
    }

    private static String header(HttpResponse<?> response, String name) {
        assertThat(response.headers().allValues(name)).as(name).hasSize(1);
        return response.headers().firstValue(name).orElseThrow();
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
