package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NvmlLoaderTest {
    private static final List<String> NO_ROOTS = List.of();

    /** The loader of the system takes a name without a slash for one on its own path. */
    @Test
    void loadsAFileOrADirectoryThatIsNamedFromTheWorkingDirectory() throws Exception {
        Path library = Path.of("").toAbsolutePath().relativize(CompiledNvml.copy("relative"));
        assertThat(library).isRelative();
        assertThat(new NvmlLoader(Optional.of(library), NO_ROOTS).load()).isNotNull();
        assertThat(new NvmlLoader(Optional.of(library.getParent()), NO_ROOTS).load())
                .isNotNull();
    }
}
