package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.RunningExporter;
import dev.gpuexporter.collection.NvmlSource;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.Failure;
import dev.gpuexporter.config.Scenario.FailureKind;
import dev.gpuexporter.config.Scenario.Gpu;
import dev.gpuexporter.config.Scenario.Window;
import dev.gpuexporter.testing.Eventually;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Liveness is the process's alone; readiness says why there is nothing to scrape. */
@Timeout(60)
class ProbesTest {
    private static final Scenario ONE_GPU_LOST_LATER = new Scenario(
            "lost",
            1,
            Scenario.DEFAULT_DRIVER_VERSION,
            Scenario.DEFAULT_CUDA_VERSION,
            List.of(Gpu.of("t4")),
            List.of(),
            List.of(new Failure(
                    FailureKind.LOST,
                    OptionalInt.of(0),
                    new Window(Duration.ofSeconds(30), Optional.empty()),
                    Optional.empty(),
                    OptionalInt.empty())),
            Set.of());

    private static final NvmlSource BROKEN = () -> {
        throw new UnsatisfiedLinkError("no <driver> here");
    };

    @Test
    void areGreenWithAPollBehindThem() {
        try (RunningExporter exporter =
                RunningExporter.afterOnePoll(RunningExporter.scenario("t4"), Duration.ofMinutes(1))) {
            assertProbes(exporter, 200, "ready\n", "alive, ready\n");
        }
    }

    @Test
    void areNotReadyBeforeTheFirstPoll() {
        CountDownLatch loaded = new CountDownLatch(1);
        NvmlSource slow = () -> {
            try {
                loaded.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnsatisfiedLinkError("it took too long");
        };
        try (RunningExporter exporter = RunningExporter.withDriver(slow)) {
            assertProbes(exporter, 503, "NVML is being opened\n", "alive, not ready: NVML is being opened\n");
            assertThat(exporter.scrape().names())
                    .contains("gpu_exporter_nvml_up")
                    .doesNotContain("gpu_up", "gpu_exporter_last_poll_timestamp_seconds");
            loaded.countDown();
        }
    }

    @Test
    void sayWhatIsWrongWithNvml() {
        try (RunningExporter exporter = RunningExporter.withDriver(BROKEN)) {
            String why = "NVML cannot be used: no <driver> here";
            Eventually.holds(
                    "the reason is known", () -> body(exporter.get("/-/ready")).contains("driver"));
            assertProbes(exporter, 503, why + "\n", "alive, not ready: " + why + "\n");
        }
    }

    @Test
    void areNotReadyWithStaleReadings() {
        try (RunningExporter exporter =
                RunningExporter.afterOnePoll(RunningExporter.scenario("t4"), Duration.ofMinutes(1))) {
            exporter.pass(Duration.ofHours(4));
            assertProbes(exporter, 503, "no fresh readings\n", "alive, not ready: no fresh readings\n");
        }
    }

    @Test
    void areNotReadyWhileNoGpuAnswers() {
        try (RunningExporter exporter = RunningExporter.polling(ONE_GPU_LOST_LATER, Duration.ofSeconds(1))) {
            exporter.passUntilUp(Duration.ZERO, 1);
            exporter.passUntilUp(Duration.ofMinutes(1), 0);
            assertProbes(exporter, 503, "no GPU answers\n", "alive, not ready: no GPU answers\n");
            assertThat(exporter.scrape().value("gpu_up", "gpu", "0")).hasValue(0);
        }
    }

    private static void assertProbes(RunningExporter exporter, int ready, String readyBody, String healthBody) {
        assertAnswer(exporter.get("/-/healthy"), 200, "alive\n");
        assertAnswer(exporter.get("/-/ready"), ready, readyBody);
        assertAnswer(exporter.get("/health"), 200, healthBody);
    }

    private static void assertAnswer(HttpResponse<byte[]> response, int status, String body) {
        assertThat(body(response)).isEqualTo(body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("text/plain; charset=utf-8");
    }

    private static String body(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }
}
