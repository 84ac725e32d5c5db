package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.ExporterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The shipped jar in front of eight GPUs, and what it had of memory and file descriptors before somebody abused it. */
final class AbusedExporter {
    private static final int SOME = 4;
    private static final long MEMORY_THAT_MAY_STAY = 24L << 20;

    private final ExporterProcess process;
    private long residentBytes;
    private int openFiles;

    AbusedExporter(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--simulate", "h200x8"));
        all.addAll(List.of(arguments));
        process = ExporterProcess.start(Map.of("GPU_EXPORTER_POLL_INTERVAL", "1s"), all.toArray(String[]::new));
        process.awaitLog("ctrl-c to stop");
    }

    ExporterProcess process() {
        return process;
    }

    /** A scrape that must succeed. */
    interface Scrape {
        void isAnswered() throws Exception;
    }

    /** Until it is as large as it gets by that alone. */
    void warmUp(Scrape scrape) throws Exception {
        for (int i = 0; i < 300; i++) {
            scrape.isAnswered();
        }
        residentBytes = process.residentBytes();
    }

    /** From now on it may have these file descriptors. */
    void count() {
        openFiles = openFiles();
    }

    int openFiles() {
        try {
            return process.openFiles().size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has so many file descriptors more than were counted at the most, or a few. */
    void awaitFilesBack(String what, int more) {
        Eventually.holds(
                what + ": " + openFiles + " file descriptors, or " + more + " more",
                () -> openFiles() <= openFiles + more + SOME);
    }

    void isBackWhereItWas(Scrape scrape) throws Exception {
        awaitFilesBack("all is let go of", 0);
        scrape.isAnswered();
        assertThat(process.residentBytes()).isLessThan(residentBytes + MEMORY_THAT_MAY_STAY);
        assertThat(process.log()).doesNotContain("Exception", "OutOfMemory");
    }

    void stop() throws Exception {
        assertThat(process.terminate()).isLessThan(Duration.ofSeconds(2));
        assertThat(process.exitCode()).isZero();
    }
}
