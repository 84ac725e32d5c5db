package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.nvml.MemoryHealth.Counts;
import dev.gpuexporter.nvml.MemoryHealth.RemappedRows;
import dev.gpuexporter.nvml.MemoryHealth.RemapperBanks;
import dev.gpuexporter.nvml.MemoryHealth.SramErrors;
import dev.gpuexporter.nvml.MemoryHealth.Units;
import dev.gpuexporter.nvml.Platform.Place;
import dev.gpuexporter.nvml.VgpuHost.Use;
import dev.gpuexporter.nvml.VgpuHost.Vgpu;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the chapters make of the numbers that src/test/c/nvml.c writes on the second GPU. */
class DeviceChaptersTest {
    private Nvml nvml;
    private NvmlDevice device;

    @BeforeEach
    void open() throws NvmlException {
        nvml = new Nvml(CompiledNvml.load(CompiledNvml.library()), new Host(Path.of("/nonexistent"), true));
        nvml.open();
        device = nvml.device(1, nvml.versions());
        device.beginPoll();
    }

    @AfterEach
    void close() {
        if (nvml != null) {
            nvml.close(Duration.ofSeconds(5));
        }
    }

    @Test
    void tellWhatTheGpuIs() throws NvmlException {
        DeviceIdentity identity = device.identity();
        assertThat(identity.computeCapability()).isEqualTo("10.22");
        assertThat(identity.pciDeviceId()).isEqualTo("0x233510DF");
        assertThat(identity.pciSubsystemId()).isEqualTo("0x18BE10DF");
        assertThat(identity.inforom())
                .isEqualTo(new DeviceIdentity.Inforom("inforom 1", "object 0.1", "object 1.1", "object 2.1"));
        assertThat(device.versions()).isEqualTo(new DriverVersions("610.43.02", "13.610.43.02", "13.3"));
    }

    /** Its InfoROM is what the driver complains of, and nothing else. */
    @Test
    void tellWhoTheGpuIsWithoutItsInforom() throws NvmlException {
        OverriddenNvml corrupted = new OverriddenNvml();
        for (String function :
                List.of("nvmlDeviceGetSerial", "nvmlDeviceGetInforomImageVersion", "nvmlDeviceGetInforomVersion")) {
            corrupted.with(function, arguments -> NvmlReturn.CORRUPTED_INFOROM.code());
        }
        Nvml other = new Nvml(
                corrupted.over(CompiledNvml.load(CompiledNvml.library())), new Host(Path.of("/nonexistent"), true));
        other.open();
        DeviceIdentity identity = other.device(1, other.versions()).identity();
        other.close(Duration.ofSeconds(5));
        assertThat(identity.inforom()).isEqualTo(DeviceIdentity.Inforom.UNKNOWN);
        assertThat(identity.serial()).isEmpty();
        assertThat(identity.model()).isEqualTo("Compiled GPU, name 1");
    }

    @Test
    void tellClocksOfApplications() throws NvmlException {
        assertThat(device.clocks().applicationHertz(NvmlConstants.NVML_CLOCK_SM))
                .hasValue(3_101e6);
        assertThat(device.clocks().applicationHertz(NvmlConstants.NVML_CLOCK_MEM))
                .hasValue(3_201e6);
    }

    @Test
    void tellBothModesOfErrorCorrection() throws NvmlException {
        assertThat(device.eccEnabled()).hasValue(1);
        assertThat(device.eccEnabledAfterReset()).hasValue(0);
    }

    @Test
    void tellRowsAndBanks() throws NvmlException {
        assertThat(device.memoryHealth().remappedRows()).contains(new RemappedRows(32, 42, true, false));
        assertThat(device.memoryHealth().remapperBanks()).contains(new RemapperBanks(2502, 52, 42, 32, 22));
    }

    @Test
    void tellErrorsInSram() throws NvmlException {
        assertThat(device.memoryHealth().sramErrors())
                .contains(new SramErrors(
                        new Counts(5_000_000_301L, 5_000_000_101L, 5_000_000_201L),
                        new Counts(5_000_000_601L, 5_000_000_401L, 5_000_000_501L),
                        new Units(5_000_000_701L, 5_000_000_801L, 5_000_000_901L, 5_000_001_001L, 5_000_001_101L),
                        true));
    }

    @Test
    void tellTheBoardAndItsPlace() throws NvmlException {
        Platform platform = device.platform();
        assertThat(platform.boardPartNumber()).isEqualTo("part 1");
        assertThat(platform.persistenceModeEnabled()).hasValue(1);
        assertThat(platform.computeMode()).hasValue(3);
        assertThat(platform.chipToChipEnabled()).hasValue(1);
        assertThat(platform.place()).contains(new Place("chassis 1", 12, 22, 32, 42, 252));
    }

    @Test
    void tellVirtualGpusApart() throws NvmlException {
        VgpuHost host = device.vgpuHost();
        assertThat(host.virtualizationMode()).hasValue(4);
        List<Vgpu> vgpus = host.vgpus().orElseThrow();
        assertThat(vgpus)
                .containsExactly(
                        new Vgpu(701, "vgpu-701", OptionalDouble.of(6_000_000_701.0), OptionalDouble.of(1)),
                        new Vgpu(801, "vgpu-801", OptionalDouble.of(6_000_000_801.0), OptionalDouble.of(1)));
        assertThat(host.use(vgpus.get(0)))
                .contains(new Use(
                        OptionalDouble.of(0.12),
                        OptionalDouble.of(0.22),
                        OptionalDouble.of(0.32),
                        OptionalDouble.of(0.42)));
        assertThat(host.use(vgpus.get(1)).orElseThrow().sm()).hasValue(0.52);
    }

    @Test
    void tellEachSampleOnce() throws NvmlException {
        Instant first = Instant.ofEpochSecond(1_700_000_000);
        assertThat(device.samples().powerWatts())
                .contains(List.of(new DriverSample(first, 261.001), new DriverSample(first.plusSeconds(1), 261.011)));
        assertThat(device.samples().utilizationRatio())
                .contains(List.of(new DriverSample(first, 0.44), new DriverSample(first.plusSeconds(1), 0.54)));

        device.beginPoll();
        assertThat(device.samples().powerWatts()).contains(List.of());
        assertThat(device.samples().utilizationRatio()).contains(List.of());
    }

    /** Nothing new may mean that the clock was set back: then all of it is looked at again. */
    @Test
    void lookAtAllSamplesAgainWhenNoneWasNew() throws NvmlException {
        device.samples().powerWatts();
        device.beginPoll();
        assertThat(device.samples().powerWatts().orElseThrow()).isEmpty();
        device.beginPoll();
        assertThat(device.samples().powerWatts().orElseThrow()).hasSize(2);
    }
}
