package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.PCIE;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_PCIE_REPLAY_COUNTER;

import java.util.List;

/** The link between a GPU and its host. */
final class PcieMetrics {
    static final List<GpuMetric> ALL = List.of(
            gauge(PCIE, "gpu_pcie_link_generation", "PCIe generation that the link runs at; idle GPUs may lower it.")
                    .from("nvmlDeviceGetCurrPcieLinkGeneration")
                    .read((device, out) -> out.add(device.pcieLinkGeneration())),
            gauge(
                            PCIE,
                            "gpu_pcie_link_generation_max",
                            "Highest PCIe generation that this GPU and its slot can run at.")
                    .from("nvmlDeviceGetMaxPcieLinkGeneration")
                    .read((device, out) -> out.add(device.pcieLinkGenerationMax())),
            gauge(PCIE, "gpu_pcie_link_width", "Lanes that the link runs on.")
                    .from("nvmlDeviceGetCurrPcieLinkWidth")
                    .read((device, out) -> out.add(device.pcieLinkWidth())),
            gauge(PCIE, "gpu_pcie_link_width_max", "Most lanes that this GPU and its slot can run on.")
                    .from("nvmlDeviceGetMaxPcieLinkWidth")
                    .read((device, out) -> out.add(device.pcieLinkWidthMax())),
            counter(PCIE, "gpu_pcie_replays_total", "Packets sent again over the link because they arrived damaged.")
                    .from("NVML_FI_DEV_PCIE_REPLAY_COUNTER, nvmlDeviceGetPcieReplayCounter")
                    .fields(NVML_FI_DEV_PCIE_REPLAY_COUNTER)
                    .read((device, out) -> out.add(device.pcieReplays())));

    private PcieMetrics() {}
}
