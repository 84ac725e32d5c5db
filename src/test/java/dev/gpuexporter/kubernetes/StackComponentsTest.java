package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackComponentsTest {
    @TempDir
    Path directory;

    @Test
    void tellsWhatIsReadyFromWhatIsNot() throws IOException {
        Files.createFile(directory.resolve("driver-ready"));
        Files.createFile(directory.resolve("toolkit-ready"));
        Files.createFile(directory.resolve(".driver-ctr-ready"));

        assertThat(new StackComponents(directory).ready())
                .hasSize(4)
                .containsEntry("driver", true)
                .containsEntry("toolkit", true)
                .containsEntry("plugin", false)
                .containsEntry("cuda", false);
    }

    @Test
    void saysNothingWhereTheOperatorDoesNotValidate() {
        StackComponents none = new StackComponents(directory.resolve("absent"));
        assertThat(none.ready()).isEmpty();
    }
}
