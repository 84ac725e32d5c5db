package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.doctor.Finding.Level;
import dev.gpuexporter.kubernetes.ProcessSight;
import dev.gpuexporter.kubernetes.StackComponents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host shows to those who look after it. */
class NodeChecksTest {
    @TempDir
    private Path validations;

    @Test
    void saysWhichComponentsTheOperatorHasNotFoundInOrder() throws IOException {
        Files.createFile(validations.resolve("driver-ready"));
        Files.createFile(validations.resolve("toolkit-ready"));
        List<Finding> findings = stack();
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).level()).isEqualTo(Level.WARN);
        assertThat(findings.get(0).text()).isEqualTo("the GPU Operator has not found in order: cuda, plugin");

        Files.createFile(validations.resolve("plugin-ready"));
        Files.createFile(validations.resolve("cuda-ready"));
        assertThat(stack())
                .containsExactly(Finding.ok("stack", "the GPU Operator found in order: cuda, driver, plugin, toolkit"));
    }

    @Test
    void saysNothingOfAnOperatorThatIsNotThere() {
        assertThat(new StackCheck(new StackComponents(validations.resolve("absent")).ready()).findings())
                .isEmpty();
    }

    @Test
    void saysWhatIsMissingToFollowProcesses() {
        Finding finding = new ProcessesCheck(Optional.of(ProcessSight.NO_HOST_PIDS))
                .findings()
                .get(0);
        assertThat(finding)
                .isEqualTo(Finding.warn(
                        "processes",
                        "the exporter does not share the host's PID namespace",
                        "set hostPID: true on its pod, or set metrics.workload-usage = off"));
        assertThat(new ProcessesCheck(Optional.empty()).findings().get(0).level())
                .isEqualTo(Level.OK);
    }

    private List<Finding> stack() {
        return new StackCheck(new StackComponents(validations).ready()).findings();
    }
}
