package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.testing.Tool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NvmlLoaderTest {
    private static final List<String> NO_ROOTS = List.of();

    @TempDir
    private Path directory;

    /** The loader of the system takes a name without a slash for one on its own path. */
    @Test
    void loadsAFileOrADirectoryThatIsNamedFromTheWorkingDirectory() throws Exception {
        Path library = Path.of("").toAbsolutePath().relativize(CompiledNvml.copy("relative"));
        assertThat(library).isRelative();
        assertThat(new NvmlLoader(Optional.of(library), NO_ROOTS).load()).isNotNull();
        assertThat(new NvmlLoader(Optional.of(library.getParent()), NO_ROOTS).load())
                .isNotNull();
    }

    @Test
    void saysWhatWasWrongWithEachPlace() throws Exception {
        Tool.NO_DRIVER.require();
        Path broken = Files.writeString(directory.resolve(NvmlLoader.LIBRARY), "no library");
        assertThatThrownBy(() -> new NvmlLoader(Optional.of(directory), List.of("/nonexistent")).load())
                .isInstanceOf(NvmlNotFoundException.class)
                .hasMessageContaining(broken + ": ")
                .hasMessageContaining("no libnvidia-ml.so.1 on the loader's path")
                .hasMessageContaining("no /nonexistent/libnvidia-ml.so.1");
    }
}
