package dev.gpuexporter;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.CountedNvml;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code metrics.naming} does to what people scrape, and what it costs. */
@Timeout(120)
class DcgmNamingTest {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String PROMETHEUS =
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3";
    private static final List<String> OWN = List.of("gpu_exporter_", "jvm_", "process_");

    private static RunningExporter named(String scenario, String naming) {
        return RunningExporter.set(
                RunningExporter.scenario(scenario),
                Map.of("metrics.naming", naming, "kubernetes.node-name", "gpu-node-7"));
    }

    private static List<String> families(String page) {
        return page.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dcgm", "both"})
    void isTextWhateverIsAskedFor(String naming) throws IOException {
        try (RunningExporter exporter = named("t4", naming)) {
            for (String accept : List.of(
                    "*/*", "application/openmetrics-text", "application/openmetrics-text;version=1.0.0", "image/png")) {
                HttpResponse<byte[]> response = exporter.get("/metrics", "Accept", accept);
                assertThat(response.headers().firstValue("Content-Type"))
                        .as(accept)
                        .contains(TEXT);
                assertThat(new String(response.body(), StandardCharsets.UTF_8))
                        .as(accept)
                        .doesNotContain("# EOF");
            }
            HttpResponse<byte[]> packed = exporter.get("/metrics", "Accept", PROMETHEUS, "Accept-Encoding", "gzip");
            assertThat(packed.headers().firstValue("Content-Type")).contains(TEXT + "; escaping=allow-utf-8");
            assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .contains("\nDCGM_FI_DEV_GPU_TEMP{gpu=\"0\",");
        }
    }

    @Test
    void dcgmShowsTheGpusUnderDcgmsNamesAlone() {
        try (RunningExporter exporter = named("h200", "dcgm")) {
            assertThat(families(exporter.text("/metrics")))
                    .anyMatch(name -> name.startsWith("DCGM_"))
                    .anyMatch("gpu_exporter_nvml_up"::equals)
                    .anyMatch(name -> name.startsWith("jvm_"))
                    .allMatch(name -> name.startsWith("DCGM_") || OWN.stream().anyMatch(name::startsWith));
        }
    }

    @Test
    void nativeKnowsNothingOfDcgm() {
        try (RunningExporter exporter = named("h200", "native")) {
            assertThat(exporter.text("/metrics")).doesNotContain("DCGM");
        }
    }

    @Test
    void bothIsOneAfterTheOther() {
        try (RunningExporter natives = named("h200", "native");
                RunningExporter dcgm = named("h200", "dcgm");
                RunningExporter both = named("h200", "both")) {
            assertThat(gpus(both))
                    .containsExactlyElementsOf(Stream.concat(gpus(natives).stream(), gpus(dcgm).stream())
                            .toList());
        }
    }

    /** The lines of the GPUs. */
    private static List<String> gpus(RunningExporter exporter) {
        return exporter.text("/metrics")
                .lines()
                .filter(line ->
                        line.startsWith("DCGM_") || line.startsWith("gpu_") && !line.startsWith("gpu_exporter_"))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h200", "b200", "t4", "rtx4090", "mig-h100", "h200x8-mig7", "pods-time-sliced"})
    void bothCostsUnderTwiceTheBytes(String scenario) {
        try (RunningExporter natives = named(scenario, "native");
                RunningExporter both = named(scenario, "both")) {
            assertThat(both.get("/metrics").body().length)
                    .isLessThan(2 * natives.get("/metrics").body().length);
        }
    }

    @Test
    void bothAsksTheDriverNothingMore() {
        Map<String, Long> natives = callsOf("native");
        assertThat(natives).containsKey("nvmlDeviceGetFieldValues");
        assertThat(callsOf("both")).isEqualTo(natives);
    }

    /** Of a poll and two scrapes; who waits for events asks as often as the machine lets it. */
    private static Map<String, Long> callsOf(String naming) {
        CountedNvml calls = new CountedNvml();
        try (RunningExporter exporter =
                RunningExporter.set(RunningExporter.scenario("h200"), Map.of("metrics.naming", naming), calls)) {
            exporter.text("/metrics");
            exporter.text("/metrics");
            return calls.take().stream()
                    .map(call -> call.substring(0, call.indexOf('(')))
                    .filter(function -> !function.equals("nvmlEventSetWait_v2"))
                    .collect(groupingBy(function -> function, TreeMap::new, counting()));
        }
    }

    @Test
    void staleReadingsAreNotShown() {
        try (RunningExporter exporter = named("t4", "both")) {
            exporter.pass(Duration.ofHours(4));
            assertThat(exporter.text("/metrics")).doesNotContain("DCGM").contains("gpu_exporter_nvml_up");
        }
    }
}
