package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.PCIE;
import static dev.gpuexporter.metrics.Group.PCIE_THROUGHPUT;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The link between a GPU and its host. */
final class PcieMetrics {
    /**
     * Not among them are those that count again what one of these counts: all correctable errors, CRC errors (packets
     * that are bad), unsupported requests (errors that are not fatal).
     */
    private static final Map<Integer, String> ERRORS = new LinkedHashMap<>();

    private static final Map<Integer, String> NAKS = new LinkedHashMap<>();

    private static final String BYTES_NEED =
            "driver 555; a counter seen beyond 32 bits, or a link too slow to fill them between two polls";

    static {
        ERRORS.put(NVML_FI_DEV_PCIE_COUNT_RECEIVER_ERROR, "receiver");
        ERRORS.put(NVML_FI_DEV_PCIE_COUNT_BAD_TLP, "bad_tlp");
        ERRORS.put(NVML_FI_DEV_PCIE_COUNT_BAD_DLLP, "bad_dllp");
        ERRORS.put(NVML_FI_DEV_PCIE_REPLAY_ROLLOVER_COUNTER, "replay_rollover");
        ERRORS.put(NVML_FI_DEV_PCIE_COUNT_LANE_ERROR, "lane");
        ERRORS.put(NVML_FI_DEV_PCIE_COUNT_NON_FATAL_ERROR, "non_fatal");
        ERRORS.put(NVML_FI_DEV_PCIE_COUNT_FATAL_ERROR, "fatal");
        NAKS.put(NVML_FI_DEV_PCIE_COUNT_NAKS_SENT, "sent");
        NAKS.put(NVML_FI_DEV_PCIE_COUNT_NAKS_RECEIVED, "received");
    }

    static final List<GpuMetric> ALL = List.of(
            gauge(PCIE, "gpu_pcie_link_generation", "PCIe generation that the link runs at; idle GPUs may lower it.")
                    .from("nvmlDeviceGetCurrPcieLinkGeneration")
                    .read((device, out) -> out.add(device.pcie().generation())),
            gauge(
                            PCIE,
                            "gpu_pcie_link_generation_max",
                            "Highest PCIe generation that this GPU and its slot can run at.")
                    .from("nvmlDeviceGetMaxPcieLinkGeneration")
                    .read((device, out) -> out.add(device.pcie().generationMax())),
            gauge(PCIE, "gpu_pcie_link_width", "Lanes that the link runs on.")
                    .from("nvmlDeviceGetCurrPcieLinkWidth")
                    .read((device, out) -> out.add(device.pcie().width())),
            gauge(PCIE, "gpu_pcie_link_width_max", "Most lanes that this GPU and its slot can run on.")
                    .from("nvmlDeviceGetMaxPcieLinkWidth")
                    .read((device, out) -> out.add(device.pcie().widthMax())),
            counter(PCIE, "gpu_pcie_transmit_bytes_total", "Bytes that the GPU sent to its host.")
                    .from("NVML_FI_DEV_PCIE_COUNT_TX_BYTES")
                    .needs(BYTES_NEED)
                    .fields(NVML_FI_DEV_PCIE_COUNT_TX_BYTES)
                    .read((device, out) -> out.add(device.pcie().transmitBytes())),
            counter(PCIE, "gpu_pcie_receive_bytes_total", "Bytes that the GPU received from its host.")
                    .from("NVML_FI_DEV_PCIE_COUNT_RX_BYTES")
                    .needs(BYTES_NEED)
                    .fields(NVML_FI_DEV_PCIE_COUNT_RX_BYTES)
                    .read((device, out) -> out.add(device.pcie().receiveBytes())),
            counter(PCIE, "gpu_pcie_replays_total", "Packets sent again over the link because they arrived damaged.")
                    .from("NVML_FI_DEV_PCIE_REPLAY_COUNTER, nvmlDeviceGetPcieReplayCounter")
                    .fields(NVML_FI_DEV_PCIE_REPLAY_COUNTER)
                    .read((device, out) -> out.add(device.pcie().replays())),
            counter(
                            PCIE,
                            "gpu_pcie_errors_total",
                            "Errors on the link: signals and packets that the GPU received damaged, packets replayed too often, and errors that PCIe calls non-fatal or fatal.")
                    .labels("kind")
                    .from("NVML_FI_DEV_PCIE_COUNT_…, NVML_FI_DEV_PCIE_REPLAY_ROLLOVER_COUNTER")
                    .fields(ERRORS.keySet())
                    .read((device, out) -> each(ERRORS, device, out)),
            counter(
                            PCIE,
                            "gpu_pcie_naks_total",
                            "Packets that were refused as damaged: by the GPU (sent) or by its host (received).")
                    .labels("direction")
                    .from("NVML_FI_DEV_PCIE_COUNT_NAKS_SENT, …RECEIVED")
                    .fields(NAKS.keySet())
                    .read((device, out) -> each(NAKS, device, out)),
            counter(PCIE, "gpu_pcie_recoveries_total", "Times that the link left its working state to recover.")
                    .from("NVML_FI_DEV_PCIE_L0_TO_RECOVERY_COUNTER")
                    .fields(NVML_FI_DEV_PCIE_L0_TO_RECOVERY_COUNTER)
                    .read((device, out) -> out.add(device.field(NVML_FI_DEV_PCIE_L0_TO_RECOVERY_COUNTER))),
            gauge(
                            PCIE_THROUGHPUT,
                            "gpu_pcie_throughput_transmit_bytes_per_second",
                            "Rate at which the GPU sent to its host in the 20 ms before it was asked.")
                    .withOwner()
                    .from("nvmlDeviceGetPcieThroughput, which blocks for 20 ms")
                    .read((device, out) -> out.add(device.pcie().transmitBytesPerSecond())),
            gauge(
                            PCIE_THROUGHPUT,
                            "gpu_pcie_throughput_receive_bytes_per_second",
                            "Rate at which the GPU received from its host in the 20 ms before it was asked.")
                    .withOwner()
                    .from("nvmlDeviceGetPcieThroughput, which blocks for 20 ms")
                    .read((device, out) -> out.add(device.pcie().receiveBytesPerSecond())));

    private PcieMetrics() {}

    private static void each(Map<Integer, String> fields, NvmlDevice device, Samples out) throws NvmlException {
        for (Map.Entry<Integer, String> field : fields.entrySet()) {
            out.add(device.field(field.getKey()), field.getValue());
        }
    }
}
