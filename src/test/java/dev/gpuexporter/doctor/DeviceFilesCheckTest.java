package dev.gpuexporter.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.doctor.Finding.Level;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.testing.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceFilesCheckTest {
    @TempDir
    private Path root;

    @BeforeEach
    void directory() throws IOException {
        Files.createDirectory(root.resolve("dev"));
    }

    @Test
    void findsThemAll() throws IOException {
        create("nvidiactl", "nvidia0", "nvidia1", "nvidia-uvm", "nvidia-caps", "null");
        assertThat(findings(0, 1)).containsExactly(Finding.ok("device files", "/dev/nvidiactl and nvidia0, nvidia1"));
    }

    @Test
    void failsWhereTheContainerHasNone() throws IOException {
        Finding finding = findings().get(0);
        assertThat(finding.level()).isEqualTo(Level.FAIL);
        assertThat(finding.text()).isEqualTo("/dev/nvidiactl does not exist");
        assertThat(finding.remedy()).contains("NVIDIA_VISIBLE_DEVICES=all");
    }

    @Test
    void namesTheGpuWhoseFileIsMissing() throws IOException {
        create("nvidiactl", "nvidia0");
        List<Finding> findings = findings(0, 1);
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).level()).isEqualTo(Level.FAIL);
        assertThat(findings.get(0).text()).isEqualTo("no /dev/nvidia1 for GPU 1 (GPU-1)");
    }

    @Test
    void warnsOfAFileWhoseGpuTheDriverHasLostSightOf() throws IOException {
        create("nvidiactl", "nvidia0", "nvidia1");
        List<Finding> findings = findings(0);
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).level()).isEqualTo(Level.WARN);
        assertThat(findings.get(0).text()).isEqualTo("/dev/nvidia1 is of no GPU that the driver knows");
    }

    /** What it would know is not to be told. */
    @Test
    void callsNoFileAStrangersWhereTheDriverDoesNotAnswer() throws IOException {
        create("nvidiactl", "nvidia0");
        Snapshot silent = new Snapshot(Instant.EPOCH, Duration.ZERO, Optional.of("DRIVER_NOT_LOADED"), List.of());
        assertThat(new DeviceFilesCheck(silent, new HostFiles(root)).findings())
                .containsExactly(Finding.ok("device files", "/dev/nvidiactl and nvidia0"));
    }

    @Test
    void takesNoFileForAGpusThatHasNoMinorNumber() throws IOException {
        create("nvidiactl", "nvidia0", "nvidia99999999999");
        assertThat(findings(0)).containsExactly(Finding.ok("device files", "/dev/nvidiactl and nvidia0"));
    }

    private void create(String... names) throws IOException {
        for (String name : names) {
            Files.createFile(root.resolve("dev").resolve(name));
        }
    }

    private List<Finding> findings(int... minors) throws IOException {
        List<DeviceReading> gpus =
                IntStream.of(minors).mapToObj(DeviceFilesCheckTest::gpu).toList();
        Snapshot snapshot = new Snapshot(Instant.EPOCH, Duration.ZERO, Optional.empty(), gpus);
        return new DeviceFilesCheck(snapshot, new HostFiles(root)).findings();
    }

    private static DeviceReading gpu(int minor) {
        DeviceIdentity identity = Identity.of(minor, "GPU-" + minor, "NVIDIA H200", "", Integer.toString(minor));
        return new DeviceReading(minor, Optional.of(identity), Optional.empty(), Optional.empty(), List.of());
    }
}
