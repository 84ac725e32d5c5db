package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;

/** The PCI Express link. */
interface PcieCalls extends SystemCalls {
    @Override
    default int nvmlDeviceGetCurrPcieLinkGeneration(Pointer device, Pointer currLinkGen) {
        return gate().u32("nvmlDeviceGetCurrPcieLinkGeneration", device, currLinkGen, gpu -> {
            GpuModel.Pcie pcie = gpu.model().pcie();
            return gpu.state().idle() ? pcie.idleGeneration() : pcie.generation();
        });
    }

    @Override
    default int nvmlDeviceGetMaxPcieLinkGeneration(Pointer device, Pointer maxLinkGen) {
        return gate().u32("nvmlDeviceGetMaxPcieLinkGeneration", device, maxLinkGen, gpu -> gpu.model()
                .pcie()
                .generation());
    }

    @Override
    default int nvmlDeviceGetCurrPcieLinkWidth(Pointer device, Pointer currLinkWidth) {
        return gate().u32("nvmlDeviceGetCurrPcieLinkWidth", device, currLinkWidth, PcieCalls::width);
    }

    @Override
    default int nvmlDeviceGetMaxPcieLinkWidth(Pointer device, Pointer maxLinkWidth) {
        return gate().u32("nvmlDeviceGetMaxPcieLinkWidth", device, maxLinkWidth, PcieCalls::width);
    }

    private static int width(SimulatedGpu gpu) {
        return gpu.model().pcie().width();
    }

    @Override
    default int nvmlDeviceGetPcieReplayCounter(Pointer device, Pointer value) {
        return gate().u32("nvmlDeviceGetPcieReplayCounter", device, value, gpu -> gpu.state()
                .counters()
                .pcieReplays());
    }
}
