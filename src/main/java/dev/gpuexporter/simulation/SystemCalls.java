package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.nvml.NvmlLibrary;

/** Initialization, versions and enumeration, and the gate that all chapters share. */
interface SystemCalls extends NvmlLibrary {
    Gate gate();

    @Override
    default int nvmlInit_v2() {
        return gate().initialize();
    }

    @Override
    default int nvmlShutdown() {
        return gate().shutDown();
    }

    @Override
    default int nvmlSystemGetDriverVersion(Pointer version, int length) {
        Scenario scenario = gate().node().scenario();
        return gate().onNode(
                        "nvmlSystemGetDriverVersion", () -> Arguments.text(version, length, scenario.driverVersion()));
    }

    @Override
    default int nvmlSystemGetNVMLVersion(Pointer version, int length) {
        Scenario scenario = gate().node().scenario();
        String cudaMajor = scenario.cudaVersion().split("\\.")[0];
        return gate().onNode(
                        "nvmlSystemGetNVMLVersion",
                        () -> Arguments.text(version, length, cudaMajor + "." + scenario.driverVersion()));
    }

    @Override
    default int nvmlSystemGetCudaDriverVersion_v2(Pointer cudaDriverVersion) {
        return gate().onNode("nvmlSystemGetCudaDriverVersion_v2", () -> {
            Arguments.present(cudaDriverVersion);
            String[] version = gate().node().scenario().cudaVersion().split("\\.");
            cudaDriverVersion.setInt(0, 1000 * Integer.parseInt(version[0]) + 10 * Integer.parseInt(version[1]));
        });
    }

    /** Also counts the GPUs that are lost or refused. */
    @Override
    default int nvmlDeviceGetCount_v2(Pointer deviceCount) {
        return gate().onNode("nvmlDeviceGetCount_v2", () -> {
            Arguments.present(deviceCount);
            deviceCount.setInt(0, gate().node().gpus().size());
        });
    }

    @Override
    default int nvmlDeviceGetHandleByIndex_v2(int index, Pointer device) {
        return gate().handle("nvmlDeviceGetHandleByIndex_v2", index, device);
    }
}
