package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.LINK_DETAILS;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What an NVLink tells besides {@link NvLinkMetrics}. */
final class NvLinkDetails {
    private static final String NVLINK_5 = "NVLink 5";
    private static final String SINCE_570 = "NVLink 5; driver 570";

    private static final GpuMetric TRANSMIT_RATE = rate(
            "gpu_nvlink_link_transmit_bytes_per_second",
            NVML_GPM_METRIC_NVLINK_L0_TX_PER_SEC - NVML_GPM_METRIC_NVLINK_L0_RX_PER_SEC,
            "Data that the GPU sent over one NVLink, a second since the last poll.");

    private static final GpuMetric RECEIVE_RATE = rate(
            "gpu_nvlink_link_receive_bytes_per_second",
            0,
            "Data that the GPU received over one NVLink, a second since the last poll.");

    /** One counter of each link. */
    private static final List<GpuMetric> COUNTERS = List.of(
            count(
                    "gpu_nvlink_transmit_packets_total",
                    "NVML_FI_DEV_NVLINK_COUNT_XMIT_PACKETS",
                    NVML_FI_DEV_NVLINK_COUNT_XMIT_PACKETS,
                    "Packets that the GPU sent over NVLink."),
            count(
                    "gpu_nvlink_receive_packets_total",
                    "NVML_FI_DEV_NVLINK_COUNT_RCV_PACKETS",
                    NVML_FI_DEV_NVLINK_COUNT_RCV_PACKETS,
                    "Packets that the GPU received over NVLink."),
            count(
                    "gpu_nvlink_receive_error_packets_total",
                    "NVML_FI_DEV_NVLINK_COUNT_RCV_ERRORS",
                    NVML_FI_DEV_NVLINK_COUNT_RCV_ERRORS,
                    "Packets received with an error of any kind; gpu_nvlink_errors_total has them again, by kind."));

    private static final GpuMetric FEC = counter(
                    LINK_DETAILS,
                    "gpu_nvlink_fec_blocks_total",
                    "Blocks received over NVLink, in the driver's bins by how many symbols were corrected in them.")
            .notWithMig()
            .labels("link", "bin")
            .from("NVML_FI_DEV_NVLINK_COUNT_FEC_HISTORY_0 to …15")
            .needs(SINCE_570)
            .fields(device -> device.nvLinks().fields(fecIds().toArray()))
            .read((device, out) -> {
                for (int id : fecIds().toArray()) {
                    String bin = NumberLabel.of(id - NVML_FI_DEV_NVLINK_COUNT_FEC_HISTORY_0);
                    NvLinkMetrics.eachLink(
                            device, (value, link) -> out.add(value, link[0], bin), link -> device.nvLinks()
                                    .field(id, link));
                }
            });

    private static final GpuMetric SYMBOL_BER = ratio(
            "gpu_nvlink_symbol_error_ratio",
            "NVML_FI_DEV_NVLINK_COUNT_SYMBOL_BER",
            NVML_FI_DEV_NVLINK_COUNT_SYMBOL_BER,
            "Bit error ratio of an NVLink by the symbols that arrived wrong, as the driver estimates it.");

    private static final GpuMetric EFFECTIVE_BER = ratio(
            "gpu_nvlink_effective_error_ratio",
            "NVML_FI_DEV_NVLINK_COUNT_EFFECTIVE_BER",
            NVML_FI_DEV_NVLINK_COUNT_EFFECTIVE_BER,
            "Bit error ratio of an NVLink by what correction left wrong, as the driver estimates it.");

    static final List<GpuMetric> PER_LINK = Stream.of(
                    List.of(TRANSMIT_RATE, RECEIVE_RATE), COUNTERS, List.of(FEC, SYMBOL_BER, EFFECTIVE_BER))
            .flatMap(List::stream)
            .toList();

    /** Rates over all links are among {@link ProfilingMetrics}. */
    static final List<GpuMetric> PER_GPU = Stream.of(
                    COUNTERS.stream().map(SummedOverLinks::of),
                    Stream.of(SummedOverLinks.of(FEC)),
                    Stream.of(
                            worst(SYMBOL_BER, NVML_FI_DEV_NVLINK_COUNT_SYMBOL_BER),
                            worst(EFFECTIVE_BER, NVML_FI_DEV_NVLINK_COUNT_EFFECTIVE_BER)))
            .flatMap(metrics -> metrics)
            .toList();

    private NvLinkDetails() {}

    private static IntStream fecIds() {
        return IntStream.rangeClosed(NVML_FI_DEV_NVLINK_COUNT_FEC_HISTORY_0, NVML_FI_DEV_NVLINK_COUNT_FEC_HISTORY_15);
    }

    private static GpuMetric count(String name, String source, int id, String help) {
        return counter(LINK_DETAILS, name, help)
                .notWithMig()
                .labels("link")
                .from(source)
                .needs(NVLINK_5)
                .fields(device -> device.nvLinks().fields(id))
                .read((device, out) -> NvLinkMetrics.eachLink(
                        device, out, link -> device.nvLinks().field(id, link)));
    }

    private static GpuMetric ratio(String name, String source, int id, String help) {
        return gauge(LINK_DETAILS, name, help)
                .notWithMig()
                .labels("link")
                .from(source)
                .needs(NVLINK_5)
                .fields(device -> device.nvLinks().fields(id))
                .read((device, out) -> NvLinkMetrics.eachLink(
                        device, out, link -> device.nvLinks().errorRatio(id, link)));
    }

    /** A sum of ratios would say nothing. */
    private static GpuMetric worst(GpuMetric perLink, int id) {
        String help = perLink.help().replaceFirst("\\.$", ": the greatest of the GPU's links.");
        return perLink.help(help).labels(new String[0]).read((device, out) -> out.add(greatest(device, id)));
    }

    private static OptionalDouble greatest(NvmlDevice device, int id) throws NvmlException {
        double greatest = -1;
        for (int link = 0; link < device.nvLinks().count(); link++) {
            greatest = Math.max(greatest, device.nvLinks().errorRatio(id, link).orElse(-1));
        }
        return greatest < 0 ? OptionalDouble.empty() : OptionalDouble.of(greatest);
    }

    /** @param way what is added to the number of what a link receives */
    private static GpuMetric rate(String name, int way, String help) {
        return gauge(LINK_DETAILS, name, help)
                .withOwner()
                .notWithMig()
                .labels("link")
                .from("nvmlGpmMetricsGet")
                .needs("Hopper and later; driver 520")
                .read((device, out) -> NvLinkMetrics.eachLink(
                        device, out, link -> device.profiler().bytesPerSecond(received(link) + way)));
    }

    /** Links came in as GPUs got more of them. */
    private static int received(int link) {
        if (link < 18) {
            return NVML_GPM_METRIC_NVLINK_L0_RX_PER_SEC + 2 * link;
        }
        return link < 36
                ? NVML_GPM_METRIC_NVLINK_L18_RX_PER_SEC + 2 * (link - 18)
                : NVML_GPM_METRIC_NVLINK_L36_RX_PER_SEC + 2 * (link - 36);
    }
}
