package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.NVLINK;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.Field;
import dev.gpuexporter.nvml.NvLinkRemote;
import dev.gpuexporter.nvml.NvLinks;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The links between GPUs. */
final class NvLinkMetrics {
    private static final GpuMetric UP = gauge(
                    NVLINK, "gpu_nvlink_up", "Whether an NVLink is up, asleep or not (1), or carries nothing (0).")
            .notWithMig()
            .labels("link")
            .from("NVML_FI_DEV_NVLINK_GET_STATE, nvmlDeviceGetNvLinkState")
            .fields(device -> device.nvLinks().fields(NVML_FI_DEV_NVLINK_GET_STATE))
            .read((device, out) ->
                    eachLink(device, out, link -> up(device.nvLinks().state(link))));

    private static final GpuMetric INFO = gauge(NVLINK, "gpu_nvlink_info", "What an NVLink is and what it leads to.")
            .notWithMig()
            .labels("link", "version", "remote_type", "remote_pci_bus_id")
            .from(
                    "NVML_FI_DEV_NVLINK_GET_VERSION, nvmlDeviceGetNvLinkVersion, nvmlDeviceGetNvLinkRemoteDeviceType, nvmlDeviceGetNvLinkRemotePciInfo_v2")
            .fields(device -> device.nvLinks().fields(NVML_FI_DEV_NVLINK_GET_VERSION))
            .read(NvLinkMetrics::info);

    private static final GpuMetric BANDWIDTH = gauge(
                    NVLINK, "gpu_nvlink_bandwidth_bytes_per_second", "What an NVLink that is up can carry each way.")
            .notWithMig()
            .labels("link")
            .from("NVML_FI_DEV_NVLINK_GET_SPEED")
            .fields(device -> device.nvLinks().fields(NVML_FI_DEV_NVLINK_GET_SPEED))
            .read((device, out) ->
                    eachLink(device, out, link -> device.nvLinks().bytesPerSecond(link)));

    private static final GpuMetric TRANSMIT = counter(
                    NVLINK, "gpu_nvlink_transmit_bytes_total", "Data that the GPU sent over NVLink.")
            .notWithMig()
            .labels("link")
            .from("NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX")
            .fields(device ->
                    device.nvLinks().fields(NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX))
            .read((device, out) ->
                    eachLink(device, out, link -> device.nvLinks().transmitBytes(link)));

    private static final GpuMetric RECEIVE = counter(
                    NVLINK, "gpu_nvlink_receive_bytes_total", "Data that the GPU received over NVLink.")
            .notWithMig()
            .labels("link")
            .from("NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX")
            .fields(device ->
                    device.nvLinks().fields(NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX))
            .read((device, out) ->
                    eachLink(device, out, link -> device.nvLinks().receiveBytes(link)));

    private static final GpuMetric SYMBOL_ERRORS = counter(
                    NVLINK,
                    "gpu_nvlink_symbol_errors_total",
                    "Symbols that arrived wrong; most are corrected, and some are normal.")
            .notWithMig()
            .labels("link")
            .from("NVML_FI_DEV_NVLINK_COUNT_SYMBOL_ERRORS")
            .needs("NVLink 5")
            .fields(device -> device.nvLinks().fields(NVML_FI_DEV_NVLINK_COUNT_SYMBOL_ERRORS))
            .read((device, out) -> eachLink(
                    device, out, link -> device.nvLinks().field(NVML_FI_DEV_NVLINK_COUNT_SYMBOL_ERRORS, link)));

    private static final GpuMetric EFFECTIVE_ERRORS = counter(
                    NVLINK, "gpu_nvlink_effective_errors_total", "Errors that were left in packets after correction.")
            .notWithMig()
            .labels("link")
            .from("NVML_FI_DEV_NVLINK_COUNT_EFFECTIVE_ERRORS")
            .needs("NVLink 5")
            .fields(device -> device.nvLinks().fields(NVML_FI_DEV_NVLINK_COUNT_EFFECTIVE_ERRORS))
            .read((device, out) -> eachLink(
                    device, out, link -> device.nvLinks().field(NVML_FI_DEV_NVLINK_COUNT_EFFECTIVE_ERRORS, link)));

    /** A series a link. */
    static final List<GpuMetric> PER_LINK =
            List.of(UP, INFO, BANDWIDTH, TRANSMIT, RECEIVE, NvLinkErrors.METRIC, SYMBOL_ERRORS, EFFECTIVE_ERRORS);

    /** A series a GPU: the sums over its links. */
    static final List<GpuMetric> PER_GPU = List.of(
            SummedOverLinks.of(UP),
            SummedOverLinks.of(BANDWIDTH),
            SummedOverLinks.of(TRANSMIT)
                    .fields(device -> sumFields(
                            device, NVML_FI_DEV_NVLINK_COUNT_XMIT_BYTES, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_TX))
                    .read((device, out) -> out.add(device.nvLinks().transmitBytes())),
            SummedOverLinks.of(RECEIVE)
                    .fields(device -> sumFields(
                            device, NVML_FI_DEV_NVLINK_COUNT_RCV_BYTES, NVML_FI_DEV_NVLINK_THROUGHPUT_DATA_RX))
                    .read((device, out) -> out.add(device.nvLinks().receiveBytes())),
            SummedOverLinks.of(NvLinkErrors.METRIC),
            SummedOverLinks.of(SYMBOL_ERRORS),
            SummedOverLinks.of(EFFECTIVE_ERRORS));

    private NvLinkMetrics() {}

    /** One value of one link. */
    interface OfLink {
        OptionalDouble read(int link) throws NvmlException;
    }

    static void eachLink(NvmlDevice device, Samples out, OfLink value) throws NvmlException {
        for (int link = 0; link < device.nvLinks().count(); link++) {
            out.add(value.read(link), NumberLabel.of(link));
        }
    }

    /** Counted in bytes for each link, or in KiB for all of them. */
    private static List<Field> sumFields(NvmlDevice device, int inBytes, int inKibibytes) throws NvmlException {
        List<Field> fields = new ArrayList<>(device.nvLinks().fields(inBytes));
        if (!fields.isEmpty()) {
            fields.add(new Field(inKibibytes, NvLinks.ALL_LINKS));
        }
        return fields;
    }

    /** A state that is new to us is neither. */
    private static OptionalDouble up(OptionalDouble state) {
        if (state.isEmpty()) {
            return state;
        }
        return switch ((int) state.getAsDouble()) {
            case NVML_NVLINK_STATE_ACTIVE, NVML_NVLINK_STATE_SLEEP -> OptionalDouble.of(1);
            case NVML_NVLINK_STATE_INACTIVE, NVML_NVLINK_STATE_ACTIVE_TRAFFIC_DISABLED -> OptionalDouble.of(0);
            default -> OptionalDouble.empty();
        };
    }

    private static void info(NvmlDevice device, Samples out) throws NvmlException {
        for (int link = 0; link < device.nvLinks().count(); link++) {
            String version = device.nvLinks().version(link);
            NvLinkRemote remote = device.nvLinks().remote(link);
            boolean saysNothing = version.isEmpty()
                    && remote.type().isEmpty()
                    && remote.pciBusId().isEmpty();
            if (!saysNothing) {
                out.add(1, NumberLabel.of(link), version, remote.type(), remote.pciBusId());
            }
        }
    }
}
