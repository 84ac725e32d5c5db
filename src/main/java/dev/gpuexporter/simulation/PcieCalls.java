package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlConstants;

/** The PCI Express link. */
interface PcieCalls extends SystemCalls {
    @Override
    default int nvmlDeviceGetCurrPcieLinkGeneration(Pointer device, Pointer currLinkGen) {
        return gate().u32("nvmlDeviceGetCurrPcieLinkGeneration", device, currLinkGen, SimulatedGpu::pcieGeneration);
    }

    @Override
    default int nvmlDeviceGetMaxPcieLinkGeneration(Pointer device, Pointer maxLinkGen) {
        return gate().u32("nvmlDeviceGetMaxPcieLinkGeneration", device, maxLinkGen, gpu -> gpu.model()
                .pcie()
                .generation());
    }

    @Override
    default int nvmlDeviceGetCurrPcieLinkWidth(Pointer device, Pointer currLinkWidth) {
        return gate().u32("nvmlDeviceGetCurrPcieLinkWidth", device, currLinkWidth, SimulatedGpu::pcieLanes);
    }

    @Override
    default int nvmlDeviceGetMaxPcieLinkWidth(Pointer device, Pointer maxLinkWidth) {
        return gate().u32("nvmlDeviceGetMaxPcieLinkWidth", device, maxLinkWidth, gpu -> gpu.model()
                .pcie()
                .width());
    }

    @Override
    default int nvmlDeviceGetPcieReplayCounter(Pointer device, Pointer value) {
        return gate().u32("nvmlDeviceGetPcieReplayCounter", device, value, gpu -> gpu.state()
                .counters()
                .pcie()
                .allReplays());
    }

    /** KB/s. A driver blocks here for 20 ms; the simulated one has the answer at hand. */
    @Override
    default int nvmlDeviceGetPcieThroughput(Pointer device, int counter, Pointer value) {
        return gate().u32("nvmlDeviceGetPcieThroughput", device, value, gpu -> {
            PcieState pcie = gpu.state().counters().pcie();
            double bytesPerSecond =
                    switch (counter) {
                        case NvmlConstants.NVML_PCIE_UTIL_TX_BYTES -> pcie.transmitBytesPerSecond();
                        case NvmlConstants.NVML_PCIE_UTIL_RX_BYTES -> pcie.receiveBytesPerSecond();
                        default -> throw Refusal.invalidArgument();
                    };
            return (long) (bytesPerSecond / 1000);
        });
    }
}
