package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.Settings;
import dev.gpuexporter.config.SettingsLoader;
import dev.gpuexporter.kubernetes.ProcessOrigin;
import dev.gpuexporter.kubernetes.ProcessSource;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Log;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChoreTest {
    private final AtomicBoolean broken = new AtomicBoolean(true);
    private final AtomicInteger failures = new AtomicInteger();

    @Test
    void saysOnceThatReadingsAreNotJoinedAndOnceThatTheyAreAgain() {
        try (Log log = Log.of(Chore.class)) {
            Settings settings = new SettingsLoader()
                    .load(Optional.empty(), Map.of("GPU_EXPORTER_POLL_INTERVAL", "100ms"), List.of())
                    .settings();
            Exporter exporter = new Exporter(settings, node(settings), InstantSource.system(), why -> {});
            try {
                exporter.startCollecting();
                Eventually.holds("it is said", () -> !log.lines().isEmpty());
                int before = failures.get();
                Eventually.holds("it fails again and again", () -> failures.get() >= before + 3);
                assertThat(exporter.isFresh()).isFalse();
                assertThat(log.lines()).containsExactly("ERROR joining readings and owners fails; trying again");

                broken.set(false);
                Eventually.holds("it works again", exporter::isFresh);
                Eventually.holds("it is said", () -> log.lines().size() == 2);
                assertThat(log.lines().get(1)).isEqualTo("INFO joining readings and owners works again");
            } finally {
                exporter.stop(Duration.ofMillis(1500));
            }
            assertThat(log.lines()).as("nor is its end a failure").hasSize(2);
        }
    }

    @Test
    void saysNothingOfWhatComesAfterTheEnd() throws Exception {
        Vertx vertx = Vertx.vertx();
        Chore chore = new Chore(vertx, "what comes late", () -> {});
        vertx.close().toCompletionStage().toCompletableFuture().get();
        try (Log log = Log.of(Chore.class)) {
            chore.todo();
            assertThat(log.lines()).isEmpty();
        }
    }

    /** One where it cannot be told which container a process runs in. */
    private Node node(Settings settings) {
        Node node = Node.simulated(new SimulatedNode(RunningExporter.scenario("pods-whole")), settings);
        ProcessSource processes = (pid, seenAt) -> {
            if (broken.get()) {
                failures.incrementAndGet();
                throw new IllegalStateException("a process like no other");
            }
            return ProcessOrigin.OUTSIDE;
        };
        return new Node(
                node.driver(), node.kubelet(), Optional.of(processes), node.api(), node.stack(), node.host(), true);
    }
}
