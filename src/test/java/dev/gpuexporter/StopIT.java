package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.nvml.CompiledNvml;
import dev.gpuexporter.testing.ExporterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SIGTERM does to the shipped jar over a real C library, some of whose calls truly block. */
class StopIT {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private Path trace;
    private Map<String, String> environment;

    @BeforeEach
    void aDriverOfTwoGpus() {
        trace = directory.resolve("trace");
        environment = new HashMap<>(Map.of(
                "GPU_EXPORTER_NVML_LIBRARY",
                CompiledNvml.library().toString(),
                "GPU_EXPORTER_KUBERNETES_ATTRIBUTION",
                "off",
                "GPU_EXPORTER_POLL_INTERVAL",
                "500ms",
                "FAKE_NVML_TRACE",
                trace.toString()));
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(trace);
    }

    private void blocks(String call) {
        environment.put("FAKE_NVML_BLOCK", call);
    }

    private void endsCleanly(ExporterProcess exporter) throws Exception {
        assertThat(exporter.terminate()).as(exporter.log()).isLessThan(TWO_SECONDS);
        assertThat(exporter.exitCode()).isZero();
        assertThat(calls()).noneMatch(call -> call.startsWith("VIOLATION"));
    }

    @Test
    void letsGoOfNvmlAndEndsWithinTwoSeconds() throws Exception {
        try (ExporterProcess exporter = ExporterProcess.start(environment)) {
            String metrics = exporter.await("/metrics", page -> page.contains("gpu_up{gpu=\"1\""));
            assertThat(metrics).contains("gpu_exporter_nvml_up 1.0").contains("gpu_exporter_simulated 0.0");

            endsCleanly(exporter);
            assertThat(calls().get(calls().size() - 1)).isEqualTo("nvmlShutdown");
            assertThat(exporter.log()).endsWith(" INFO  stopped; NVML is let go of" + System.lineSeparator());
        }
    }

    /** What the log was told holds to the end, whatever the JDK does to its loggers meanwhile. */
    @Test
    void saysNothingOfItWhereOnlyWarningsAreAskedFor() throws Exception {
        environment.put("GPU_EXPORTER_LOG_LEVEL", "warn");
        try (ExporterProcess exporter = ExporterProcess.start(environment)) {
            exporter.await("/-/ready", answer -> answer.equals("ready\n"));

            endsCleanly(exporter);
            assertThat(exporter.log()).doesNotContain(" INFO ");
        }
    }

    @Test
    void leavesNvmlAloneWhereACallHangsInside() throws Exception {
        blocks("nvmlDeviceGetPowerUsage:1");
        try (ExporterProcess exporter = ExporterProcess.start(environment)) {
            String metrics = exporter.await(
                    "/metrics",
                    // The first poll of a cold JVM may leave the sound GPU behind its deadline, too.
                    page -> page.lines().anyMatch(line -> line.startsWith("gpu_up{gpu=\"0\"") && line.endsWith(" 1.0"))
                            && page.lines()
                                    .anyMatch(line -> line.startsWith("gpu_up{gpu=\"1\"") && line.endsWith(" 0.0")));
            assertThat(metrics.lines())
                    .anyMatch(line -> line.startsWith("gpu_up{gpu=\"0\"") && line.endsWith(" 1.0"))
                    .anyMatch(line -> line.startsWith("gpu_power_draw_watts{gpu=\"0\""))
                    .noneMatch(line -> line.startsWith("gpu_power_draw_watts{gpu=\"1\""));

            endsCleanly(exporter);
            assertThat(calls()).doesNotContain("nvmlShutdown");
            assertThat(exporter.log()).contains("a call hangs inside NVML, which is left as it is");
        }
    }

    @Test
    void readsTheOtherGpusWhereOneHangsBeforeItHasSaidWhoItIs() throws Exception {
        blocks("nvmlDeviceGetUUID:1");
        try (ExporterProcess exporter = ExporterProcess.start(environment)) {
            exporter.await(
                    "/metrics",
                    page -> page.lines().anyMatch(line -> line.startsWith("gpu_up{gpu=\"0\"") && line.endsWith(" 1.0"))
                            && page.lines()
                                    .anyMatch(line -> line.startsWith("gpu_up{gpu=\"1\"") && line.endsWith(" 0.0")));

            endsCleanly(exporter);
        }
    }

    @Test
    void servesAndStopsWhereNvmlHangsAsItIsOpened() throws Exception {
        blocks("nvmlInit_v2");
        try (ExporterProcess exporter = ExporterProcess.start(environment)) {
            exporter.await("/metrics", page -> page.contains("gpu_exporter_nvml_up 0.0"));
            assertThat(exporter.await("/-/ready", answer -> true)).isEqualTo("NVML is being opened\n");

            endsCleanly(exporter);
        }
    }

    @Test
    void endsWhereNvmlHangsAsItIsShutDown() throws Exception {
        blocks("nvmlShutdown");
        try (ExporterProcess exporter = ExporterProcess.start(environment)) {
            exporter.await("/-/ready", answer -> answer.equals("ready\n"));

            endsCleanly(exporter);
        }
    }

    @Test
    void leavesNvmlAloneWhereTheWaitForEventsHangs() throws Exception {
        blocks("nvmlEventSetWait_v2");
        try (ExporterProcess exporter = ExporterProcess.start(environment)) {
            exporter.await("/-/ready", answer -> answer.equals("ready\n"));
            int reads = readsOfPower();
            exporter.await("/metrics", page -> readsOfPower() > reads + 2); // the polls go on
            assertThat(calls()).containsOnlyOnce("nvmlEventSetWait_v2");

            endsCleanly(exporter);
            assertThat(calls()).doesNotContain("nvmlShutdown");
            assertThat(exporter.log()).contains("a call hangs inside NVML, which is left as it is");
        }
    }

    @Test
    void countsWhatACLibraryDelivers() throws Exception {
        environment.put(
                "FAKE_NVML_EVENTS", "1:8:79:4294967295:4294967295,0:8:13:3:0,1:2:0:4294967295:4294967295,0:8:13:3:0");
        try (ExporterProcess exporter = ExporterProcess.start(environment)) {
            String metrics = exporter.await(
                    "/metrics",
                    page -> page.lines().anyMatch(line -> isOf(line, 1, "xid=\"79\"", 1))
                            && page.lines().anyMatch(line -> isOf(line, 0, "xid=\"13\"", 2)));
            assertThat(metrics.lines())
                    .anyMatch(line -> isOf(line, 0, "xid=\"79\"", 0))
                    .anyMatch(line -> line.startsWith("gpu_events_total{event=\"double_bit_ecc_error\",gpu=\"1\"")
                            && line.endsWith(" 1.0"));

            endsCleanly(exporter);
            assertThat(calls().get(calls().size() - 1)).isEqualTo("nvmlShutdown");
            assertThat(exporter.log()).contains("Xid 79: fell off the bus; reboot the node");
        }
    }

    private static boolean isOf(String line, int gpu, String label, int value) {
        return line.startsWith("gpu_xid_errors_total{gpu=\"" + gpu + "\"")
                && line.contains(label)
                && line.endsWith(" " + value + ".0");
    }

    private int readsOfPower() {
        try {
            return (int) calls().stream()
                    .filter(call -> call.startsWith("nvmlDeviceGetPowerUsage:"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
