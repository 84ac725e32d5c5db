package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.doctor.Finding.Level;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.ProcessSight;
import dev.gpuexporter.kubernetes.StackComponents;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.testing.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

    /** What is held may be the GPU that does not answer, of which something is said elsewhere. */
    @Test
    void callsNothingUnknownWhileAGpuHasNotSaidWhoItIs() {
        DeviceIdentity known = Identity.of(0, "GPU-0", "NVIDIA H200", "", "0");
        DeviceReading answers = new DeviceReading(0, Optional.of(known), Optional.empty(), Optional.empty(), List.of());
        DeviceReading silent =
                new DeviceReading(1, Optional.empty(), Optional.empty(), Optional.of("no answer"), List.of());
        assertThat(heldUnknown(answers, silent)).isEmpty();
        assertThat(heldUnknown(answers))
                .containsExactly("nvidia.com/gpu nvidia1, held by research/train-0, is no GPU that the driver knows");
    }

    private static List<String> heldUnknown(DeviceReading... gpus) {
        Allocation held = new Allocation(
                new Workload("research", "train-0", "main"), "nvidia.com/gpu", DeviceId.parse("nvidia1"));
        Snapshot snapshot = new Snapshot(Instant.EPOCH, Duration.ZERO, Optional.empty(), List.of(gpus));
        WorkloadIndex index = WorkloadIndex.of(Instant.EPOCH, List.of(held), Optional.empty(), GpuResources.byForm());
        return new DevicesCheck(new Attribution(() -> snapshot, () -> index).current())
                .findings().stream()
                        .map(Finding::text)
                        .filter(text -> text.contains("is no GPU"))
                        .toList();
    }

    private List<Finding> stack() {
        return new StackCheck(new StackComponents(validations).ready()).findings();
    }
}
