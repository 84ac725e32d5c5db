package dev.gpuexporter.metrics;

import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.nvml.Nvml;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.simulation.SimulatedNvml;
import java.nio.file.Path;

/** The first GPU of a simulated node, in the first moment of its life. */
final class SimulatedDevice {
    private SimulatedDevice() {}

    static NvmlDevice of(String model) throws NvmlException {
        Nvml nvml =
                new Nvml(new SimulatedNvml(new ScenarioFile(GpuModels.names()).read(model), () -> 0), Path.of("/none"));
        nvml.open();
        return nvml.device(0, nvml.versions());
    }
}
