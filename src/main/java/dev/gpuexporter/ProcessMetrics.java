package dev.gpuexporter;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** The process's own cost, under the names that Prometheus' client libraries use. */
final class ProcessMetrics {
    private static final Path STATM = Path.of("/proc/self/statm");
    private static final long PAGE_BYTES = 4096;

    private ProcessMetrics() {}

    static void bindTo(MeterRegistry registry) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        FunctionCounter.builder("process_cpu_seconds", system, bean -> bean.getProcessCpuTime() / 1e9)
                .description("User and system CPU time spent.")
                .register(registry);
        Gauge.builder("process_resident_memory_bytes", ProcessMetrics::residentBytes)
                .description("Resident memory.")
                .register(registry);
        Gauge.builder(
                        "process_start_time_seconds",
                        () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0)
                .description("When the process started.")
                .register(registry);
        if (system instanceof UnixOperatingSystemMXBean unix) {
            Gauge.builder("process_open_fds", unix, UnixOperatingSystemMXBean::getOpenFileDescriptorCount)
                    .description("Open file descriptors.")
                    .register(registry);
        }
    }

    /** NaN where there is no /proc. */
    private static double residentBytes() {
        try {
            return Long.parseLong(Files.readString(STATM).split(" ")[1]) * (double) PAGE_BYTES;
        } catch (IOException e) {
            return Double.NaN;
        }
    }
}
