package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.MainProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientLoadingTest {
    @TempDir
    Path directory;

    /** The client of the API server costs tens of megabytes, which nobody pays who does not use it. */
    @Test
    void loadsNoClassOfTheKubernetesClientUnlessItIsSwitchedOn() throws Exception {
        Path classes = directory.resolve("classes");
        MainProcess.Ended print = MainProcess.run(
                Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + classes), "print", "--simulate", "h200x2");

        assertThat(print.exitCode()).isZero();
        List<String> loaded = Files.readAllLines(classes);
        assertThat(loaded).anyMatch(line -> line.contains("dev.gpuexporter.kubernetes.WorkloadIndex "));
        assertThat(loaded).noneMatch(line -> line.contains("io.fabric8."));
    }
}
