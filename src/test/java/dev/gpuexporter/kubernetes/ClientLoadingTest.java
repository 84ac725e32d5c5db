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
        assertThat(loadedBy(0, "print", "--simulate", "h200x2"))
                .noneMatch(line -> line.contains("io.fabric8."))
                .noneMatch(line -> line.contains("dev.gpuexporter.kubernetes.ApiServer "));
        // The node of this machine has neither a driver nor a kubelet; what is asked of it is made all the same.
        assertThat(loadedBy(1, "print")).noneMatch(line -> line.contains("io.fabric8."));
    }

    private List<String> loadedBy(int exitCode, String... arguments) throws Exception {
        Path classes = directory.resolve("classes");
        Map<String, String> environment = Map.of(
                "JAVA_TOOL_OPTIONS",
                "-Xlog:class+load:file=" + classes,
                "GPU_EXPORTER_NVML_LIBRARY",
                directory.toString());
        assertThat(MainProcess.run(environment, arguments).exitCode()).isEqualTo(exitCode);
        List<String> loaded = Files.readAllLines(classes);
        assertThat(loaded).anyMatch(line -> line.contains("dev.gpuexporter.kubernetes.WorkloadIndex "));
        return loaded;
    }
}
