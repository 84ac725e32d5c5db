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
        assertThat(none.driverRoot()).isEmpty();
    }

    @Test
    void readsWhereTheDriverIsInstalled() throws IOException {
        Files.writeString(directory.resolve("driver-ready"), """
                IS_HOST_DRIVER=false
                NVIDIA_DRIVER_ROOT=/run/nvidia/driver
                DRIVER_ROOT_CTR_PATH="/driver-root"
                NVIDIA_DEV_ROOT=/run/nvidia/driver

                # a comment=/nowhere
                """);
        assertThat(new StackComponents(directory).driverRoot())
                .contains(new DriverRoot(Path.of("/run/nvidia/driver"), Path.of("/driver-root")));
    }

    @Test
    void makesDoWithOneOfTheTwoPaths() throws IOException {
        Files.writeString(directory.resolve("driver-ready"), "DRIVER_ROOT_CTR_PATH='/host'\nNVIDIA_DRIVER_ROOT=\n");
        assertThat(new StackComponents(directory).driverRoot())
                .contains(new DriverRoot(Path.of("/host"), Path.of("/host")));
    }

    @Test
    void findsNoPathInAnythingElse() throws IOException {
        Files.write(directory.resolve("driver-ready"), new byte[] {'=', 0, -1, '\n', 'N', '=', '"'});
        assertThat(new StackComponents(directory).driverRoot()).isEmpty();

        Files.writeString(directory.resolve("driver-ready"), "NVIDIA_DRIVER_ROOT=relative/path");
        assertThat(new StackComponents(directory).driverRoot()).isEmpty();
    }
}
