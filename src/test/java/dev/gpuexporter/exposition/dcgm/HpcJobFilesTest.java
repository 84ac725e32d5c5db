package dev.gpuexporter.exposition.dcgm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HpcJobFilesTest {
    @TempDir
    private Path directory;

    private final Log log = Log.of(HpcJobFiles.class);

    @AfterEach
    void stopListening() {
        log.close();
    }

    private void write(String device, String text) throws IOException {
        Files.writeString(directory.resolve(device), text);
    }

    private HpcJobFiles files() {
        return new HpcJobFiles(Optional.of(directory));
    }

    @Test
    void readsAJobFromEachLineOfEachDevicesFile() throws IOException {
        write("0", "4711\n4712\n\n 4712 \n");
        write("1.2", "4713\r\n");
        write("2", "");
        write(".0.swp", "no");
        write("readme", "no");
        Files.createDirectory(directory.resolve("3"));
        assertThat(files().current().byDevice())
                .isEqualTo(Map.of("0", List.of("4711", "4712"), "1.2", List.of("4713")));
        assertThat(log.lines()).isEmpty();
    }

    @Test
    void followsTheFiles() throws IOException {
        HpcJobFiles files = files();
        assertThat(files.current()).isEqualTo(HpcJobs.NONE);
        assertThat(files.look()).isFalse();
        write("0", "4711");
        assertThat(files.look()).isTrue();
        assertThat(files.look()).isFalse();
        write("0", "4712");
        assertThat(files.look()).isTrue();
        assertThat(files.current().byDevice()).isEqualTo(Map.of("0", List.of("4712")));
        Files.delete(directory.resolve("0"));
        assertThat(files.look()).isTrue();
        assertThat(files.current()).isEqualTo(HpcJobs.NONE);
    }

    @Test
    void aFileThatCannotBeReadIsSaidOnceAndLeavesTheOthers() throws IOException {
        write("0", "4711");
        Files.write(directory.resolve("1"), new byte[] {(byte) 0xC3, (byte) 0x28});
        write("2", "x".repeat(70_000));
        HpcJobFiles files = files();
        files.look();
        assertThat(files.current().byDevice()).isEqualTo(Map.of("0", List.of("4711")));
        assertThat(log.lines())
                .hasSize(2)
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("WARN " + directory + "/1: cannot be read, its GPU has no job"),
                        second -> assertThat(second)
                                .isEqualTo(
                                        "WARN " + directory + "/2: is no file of at most 64 KiB; its GPU has no job"));
    }

    @Test
    void aDirectoryMayComeLater() throws IOException {
        Path later = directory.resolve("later");
        HpcJobFiles files = new HpcJobFiles(Optional.of(later));
        files.look();
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("WARN " + later + ": cannot be read, no job is shown");
        Files.createDirectory(later);
        Files.writeString(later.resolve("7"), "a job with blanks");
        assertThat(files.look()).isTrue();
        assertThat(files.current().byDevice()).isEqualTo(Map.of("7", List.of("a job with blanks")));
    }

    @Test
    void withoutADirectoryThereIsNothing() {
        HpcJobFiles files = new HpcJobFiles(Optional.empty());
        assertThat(files.mayChange()).isFalse();
        assertThat(files.look()).isFalse();
    }
}
