package dev.gpuexporter.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class ToolTest {
    @TempDir
    private Path directory;

    private MissingTools missingTools;

    @BeforeEach
    void startABuild() {
        missingTools = new MissingTools(directory.resolve("missing-tools"));
    }

    @Test
    void handsOutTheToolThatIsThere() {
        Path gcc = Path.of("/usr/bin/gcc");
        assertThat(Tool.GCC.orEndTheTest(Optional.of(gcc), true)).isEqualTo(gcc);
    }

    @Test
    void skipsTheTestThatLacksATool() {
        assertThatThrownBy(() -> Tool.PROMTOOL.orEndTheTest(Optional.empty(), false))
                .isInstanceOf(TestAbortedException.class)
                .hasMessage("promtool is missing (Debian: apt-get install prometheus)");
    }

    @Test
    void failsTheTestWhereNothingMayBeSkipped() {
        assertThatThrownBy(() -> Tool.PROMTOOL.orEndTheTest(Optional.empty(), true))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("promtool is missing");
    }

    @Test
    void asksNoMachineForWhatCannotBeInstalled() {
        assertThat(Tool.values()).filteredOn(tool -> !tool.mayBeInstalled()).containsExactly(Tool.MEMORY_CGROUP);
    }

    @Test
    void countsTheTestsThatDidNotRun() throws IOException {
        missingTools.add(Tool.PROMTOOL, List.of("ATest.one", "ATest.two"));
        missingTools.add(Tool.CHROMIUM, List.of("BTest.one"));
        missingTools.add(Tool.PROMTOOL, List.of("CTest.one"));
        assertThat(missingTools.report())
                .containsExactly(
                        "3 tests did not run: promtool is missing (Debian: apt-get install prometheus)",
                        "1 test did not run: chromium is missing (Debian: apt-get install chromium)");
    }

    @Test
    void saysThatNothingIsMissing() throws IOException {
        missingTools.testsRan();
        assertThat(missingTools.report()).containsExactly("every tool was there");
    }

    @Test
    void saysNothingOfToolsWhenNoTestRan() throws IOException {
        assertThat(missingTools.report()).containsExactly("no test ran, so no tool was asked for");
    }
}
