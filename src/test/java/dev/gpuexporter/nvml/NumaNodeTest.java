package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.simulation.SimulatedNvml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which NUMA node a GPU is near stands in a file of the kernel's, under the GPU's PCI address. */
class NumaNodeTest {
    @TempDir
    private Path sysfs;

    private Nvml nvml;

    @BeforeEach
    void open() throws NvmlException {
        nvml = new Nvml(
                new SimulatedNvml(new ScenarioFile(GpuModels.names()).read("h200x2"), System::nanoTime),
                new Host(sysfs, true));
        nvml.open();
    }

    private String numaNode(int gpu) throws NvmlException {
        return nvml.device(gpu, nvml.versions()).identity().numaNode();
    }

    /** NVML writes 00000000:3B:00.0 for what the kernel calls 0000:3b:00.0. */
    private void writeNode(int gpu, String content) throws NvmlException, IOException {
        String busId = nvml.device(gpu, nvml.versions()).identity().pciBusId();
        assertThat(busId).matches("00000000:[0-9A-F]{2}:00\\.0");
        Path device = sysfs.resolve("bus/pci/devices/" + busId.substring(4).toLowerCase(Locale.ROOT));
        Files.createDirectories(device);
        Files.writeString(device.resolve("numa_node"), content);
    }

    @Test
    void isReadForEachGpu() throws Exception {
        writeNode(0, "0\n");
        writeNode(1, "3\n");
        assertThat(numaNode(0)).isEqualTo("0");
        assertThat(numaNode(1)).isEqualTo("3");
    }

    @Test
    void isEmptyWhereTheMachineHasNone() throws Exception {
        writeNode(0, "-1\n");
        assertThat(numaNode(0)).isEmpty();
    }

    @Test
    void isEmptyWhereThereIsNoSuchFile() throws Exception {
        assertThat(numaNode(1)).isEmpty();
    }
}
