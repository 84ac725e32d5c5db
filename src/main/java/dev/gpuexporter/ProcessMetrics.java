package dev.gpuexporter;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.File;
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
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final File OPEN_FILES = new File("/proc/self/fd");

    /** What proc(5) counts CPU time in: Linux says 1/100 s to all programs, whatever its own clock is. */
    private static final double SECONDS_OF_A_TICK = 0.01;

    /** In units of 1024 bytes, whatever the kernel's pages are: 64 KiB on most machines with Grace. */
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s+(\\d{1,15}) kB$", Pattern.MULTILINE);

    private ProcessMetrics() {}

    static void bindTo(MeterRegistry registry) {
        FunctionCounter.builder("process_cpu_seconds", STAT, file -> cpuSeconds(file))
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
        Gauge.builder("process_open_fds", OPEN_FILES, ProcessMetrics::openFiles)
                .description("Open file descriptors.")
                .register(registry);
    }

    // All are NaN where there is no /proc.

    private static double residentBytes() {
        try {
            return residentBytes(Files.readString(STATUS, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    private static double cpuSeconds(Path stat) {
        try {
            return cpuSeconds(Files.readString(stat, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** Without the one that they are listed through. */
    private static double openFiles(File directory) {
        String[] open = directory.list();
        return open == null ? Double.NaN : open.length - 1;
    }

    /** @param stat of a process, as proc(5) describes it: its name in brackets, which may hold blanks, then numbers */
    static double cpuSeconds(String stat) {
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(afterName[11]) + Long.parseLong(afterName[12])) * SECONDS_OF_A_TICK;
    }

    /** @param status of a process, as proc(5) describes it; NaN where it does not tell */
    static double residentBytes(String status) {
        Matcher resident = RESIDENT.matcher(status);
        return resident.find() ? Long.parseLong(resident.group(1)) * 1024.0 : Double.NaN;
    }
}
