package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostTest {
    private static final Path SYSFS = Path.of("/sys");

    @TempDir
    private Path procfs;

    @ParameterizedTest
    @CsvSource({"pid:[4026531836], true", "pid:[4026532301], false"})
    void isSeenWholeFromItsOwnPidNamespaceAlone(String namespace, boolean whole) throws IOException {
        Files.createDirectories(procfs.resolve("self/ns"));
        Files.createSymbolicLink(procfs.resolve("self/ns/pid"), Path.of(namespace));
        assertThat(Host.of(SYSFS, procfs)).isEqualTo(new Host(SYSFS, whole));
    }

    @Test
    void isNotSeenWholeWhereNobodyCanTell() {
        assertThat(Host.of(SYSFS, procfs).showsEveryProcess()).isFalse();
    }
}
