package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.ExporterProcess;
import dev.gpuexporter.testing.MemoryCgroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The shipped jar on the image's JVM options, where memory is short: it works, or ends so that it is started again. */
@Timeout(120)
class MemoryPressureIT {
    private static final Map<String, String> BUSY = Map.of("GPU_EXPORTER_POLL_INTERVAL", "500ms");

    /** As in deploy/base/daemonset.yaml; what the page cache holds of files counts, and the kernel takes it back. */
    private static final long LIMIT = 256L << 20;

    @Test
    void aContainersLimitIsEnoughUnderLoad() throws Exception {
        try (MemoryCgroup container = MemoryCgroup.of(LIMIT);
                ExporterProcess exporter = ExporterProcess.start(BUSY, container.under(), "--simulate", "h200x8")) {
            exporter.await("/-/ready", "ready\n"::equals);
            ExecutorService clients = Executors.newFixedThreadPool(8);
            try {
                List<Callable<Integer>> scrapes = new ArrayList<>();
                for (int i = 0; i < 2000; i++) {
                    String path = i % 10 == 0 ? "/" : "/metrics";
                    scrapes.add(() -> exporter.get(path).statusCode());
                }
                for (Future<Integer> answer : clients.invokeAll(scrapes)) {
                    assertThat(answer.get()).isEqualTo(200);
                }
            } finally {
                clients.shutdownNow();
            }
            assertThat(container.kills()).isZero();
            assertThat(exporter.log()).doesNotContain("OutOfMemory");
            exporter.terminate();
        }
    }

    /** The kernel asks nobody and leaves no time for a line: the kubelet says OOMKilled, and starts it again. */
    @Test
    void isKilledWhereTheLimitIsTooSmallForIt() throws Exception {
        try (MemoryCgroup container = MemoryCgroup.of(48L << 20);
                ExporterProcess exporter = ExporterProcess.start(BUSY, container.under(), "--simulate", "h200x8")) {
            assertThat(exporter.awaitEnd()).as("128 + SIGKILL").isEqualTo(137);
            assertThat(container.kills()).isEqualTo(1);
        }
    }

    /** One thread out of memory is none that might go on without the others: the process ends, with a line. */
    @Test
    void endsWithALineWhereTheHeapIsTooSmall() throws Exception {
        Map<String, String> small = Map.of("_JAVA_OPTIONS", "-Xms6m -Xmx6m -Xmn2m");
        try (ExporterProcess exporter = ExporterProcess.start(small, "--simulate", "h200x8")) {
            assertThat(exporter.awaitEnd()).isEqualTo(3);
            assertThat(exporter.log().lines().filter(line -> line.contains("OutOfMemory")))
                    .containsExactly("Terminating due to java.lang.OutOfMemoryError: Java heap space");
        }
    }
}
