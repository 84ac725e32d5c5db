package dev.gpuexporter;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The process's own cost, under the names that Prometheus' client libraries use. */
final class ProcessMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");

    /** In units of 1024 bytes, whatever the kernel's pages are: 64 KiB on most machines with Grace. */
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d{1,15}) kB$", Pattern.MULTILINE);

    private ProcessMetrics() {}

    static void bindTo(MeterRegistry registry) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        FunctionCounter.builder("process_cpu_seconds", system, bean -> bean.getProcessCpuTime() / 1e9)
                .description("User and system CPU time spent.")
                .register(registry);
        Gauge.builder("process_resident_memory_bytes", () -> residentBytes())
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
            return residentBytes(Files.readString(STATUS, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** @param status of a process, as proc(5) describes it; NaN where it does not tell */
    static double residentBytes(String status) {
        Matcher resident = RESIDENT.matcher(status);
        return resident.find() ? Long.parseLong(resident.group(1)) * 1024.0 : Double.NaN;
    }
}
