package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessMetricsTest {
    /** As a kernel with pages of 64 KiB writes it, too. */
    @Test
    void readsResidentMemoryInTheUnitThatTheKernelWrites() {
        assertThat(ProcessMetrics.residentBytes(
                        "Name:\tjava\nVmHWM:\t  200000 kB\nVmRSS:\t  131072 kB\nRssAnon:\t 1 kB\n"))
                .isEqualTo(128 << 20);
        assertThat(ProcessMetrics.residentBytes("Name:\tVmRSS: 1 kB\n")).isNaN();
    }

    /** A name may hold anything, brackets too. */
    @Test
    void readsCpuTimeBehindTheName() {
        assertThat(ProcessMetrics.cpuSeconds(
                        "42 (a) 9 (b c) S 1 2 3 4 5 6 7 8 9 10 150 25 99 99 20 0 7 0 12345 1000 10"))
                .isEqualTo(1.75);
    }

    @Test
    void tellsWhatThisProcessHasTakenAndOpened() {
        MeterRegistry registry = new SimpleMeterRegistry();
        ProcessMetrics.bindTo(registry);
        double seconds =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1000.0;
        assertThat(registry.get("process_cpu_seconds").functionCounter().count())
                .as("seconds of CPU time, in hundredths")
                .isGreaterThanOrEqualTo(seconds)
                .isLessThan(seconds + 10);
        assertThat(registry.get("process_open_fds").gauge().value()).isGreaterThan(2);
    }

    @Test
    void tellsHowMuchMemoryThisProcessHas() throws Exception {
        MeterRegistry registry = new SimpleMeterRegistry();
        ProcessMetrics.bindTo(registry);
        long pages =
                Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]);
        assertThat(registry.get("process_resident_memory_bytes").gauge().value() / pages)
                .as("bytes of a page, of which there may have come some in between")
                .isCloseTo(pageBytes(), within(0.1 * pageBytes()));
    }

    private static double pageBytes() throws Exception {
        Process getconf = new ProcessBuilder("getconf", "PAGESIZE").start();
        return Double.parseDouble(
                new String(getconf.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
}
