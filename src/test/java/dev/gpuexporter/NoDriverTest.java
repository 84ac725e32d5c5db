package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.Poller;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.kubernetes.StackComponents;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Log;
import dev.gpuexporter.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node whose driver is not there, however often it is looked for. */
class NoDriverTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "GPU_EXPORTER_LISTEN", "127.0.0.1:0",
            "GPU_EXPORTER_POLL_INTERVAL", "100ms",
            "GPU_EXPORTER_KUBERNETES_ATTRIBUTION", "off");

    private final Log log = Log.of(Poller.class);

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void isSaidOnceAndNotAtEveryAttempt() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        Node node = new Node(
                () -> {
                    attempts.incrementAndGet();
                    throw new UnsatisfiedLinkError("no libnvidia-ml.so.1");
                },
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new StackComponents(Path.of("/nonexistent")),
                new Host(Path.of("/nonexistent"), false),
                false);
        SteppedClock clock = new SteppedClock();
        Exporter exporter = new Exporter(
                new SettingsLoader()
                        .load(Optional.empty(), ENVIRONMENT, List.of())
                        .settings(),
                node,
                clock,
                why -> {});
        try {
            exporter.startCollecting();
            Eventually.holds("four attempts", () -> {
                clock.advance(Duration.ofSeconds(11));
                return attempts.get() >= 4;
            });
        } finally {
            exporter.stop(Duration.ofMillis(1500));
        }
        assertThat(log.lines())
                .containsExactly(
                        "WARN NVML cannot be used: no libnvidia-ml.so.1; serving without GPUs, trying again every 10 s");
    }
}
