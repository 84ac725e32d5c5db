package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.counter;
import static dev.gpuexporter.exposition.dcgm.DcgmField.gauge;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.MEBI;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.decimal;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.truncated;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.whole;

import dev.gpuexporter.attribution.Tenancy.Share;
import dev.gpuexporter.collection.Occurrences;
import dev.gpuexporter.metrics.Xid;
import dev.gpuexporter.metrics.XidCatalog;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** How busy a GPU and its link are, what has befallen it, what slowed it down, and how full its memory is. */
final class LoadFields {
    private static final double PERCENT = 100;
    private static final double KILO = 1000;
    private static final double NANO = 1e9;

    static final List<DcgmField> ALL = List.of(
            throughput(200, "DCGM_FI_DEV_PCIE_TX_THROUGHPUT", "transmit", "sends"),
            throughput(201, "DCGM_FI_DEV_PCIE_RX_THROUGHPUT", "receive", "receives"),
            counter(
                    202,
                    "DCGM_FI_DEV_PCIE_REPLAY_COUNTER",
                    "Packets sent again over PCIe because they arrived damaged.",
                    whole(entity -> entity.value("gpu_pcie_replays_total"))),
            utilization(203, "DCGM_FI_DEV_GPU_UTIL", "gpu_utilization_ratio", "Time in which a kernel ran (in %).")
                    .ofShare(share -> DcgmValue.whole(share.smUtilizationRatio(), PERCENT)),
            utilization(
                    204,
                    "DCGM_FI_DEV_MEM_COPY_UTIL",
                    "gpu_memory_controller_utilization_ratio",
                    "Time in which device memory was read or written (in %)."),
            utilization(
                    206,
                    "DCGM_FI_DEV_ENC_UTIL",
                    "gpu_encoder_utilization_ratio",
                    "Time in which the video encoders were busy (in %)."),
            utilization(
                    207,
                    "DCGM_FI_DEV_DEC_UTIL",
                    "gpu_decoder_utilization_ratio",
                    "Time in which the video decoders were busy (in %)."),
            gauge(
                    230,
                    "DCGM_FI_DEV_XID_ERRORS",
                    "The Xid that came last; 0 where none has since the exporter started.",
                    LoadFields::lastXid),
            link(235, "DCGM_FI_DEV_PCIE_MAX_LINK_GEN", "gpu_pcie_link_generation_max", "Highest PCIe generation."),
            link(236, "DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH", "gpu_pcie_link_width_max", "Most PCIe lanes."),
            link(237, "DCGM_FI_DEV_PCIE_LINK_GEN", "gpu_pcie_link_generation", "PCIe generation of the link."),
            link(238, "DCGM_FI_DEV_PCIE_LINK_WIDTH", "gpu_pcie_link_width", "PCIe lanes of the link."),
            heldBack(240, "DCGM_FI_DEV_POWER_VIOLATION", "sw_power_cap", "the power cap"),
            counter(
                    241,
                    "DCGM_FI_DEV_THERMAL_VIOLATION",
                    "Time for which heat held the clocks down (in ns).",
                    whole(NANO, LoadFields::thermalSeconds)),
            heldBack(242, "DCGM_FI_DEV_SYNC_BOOST_VIOLATION", "sync_boost", "sync boost"),
            heldBack(243, "DCGM_FI_DEV_BOARD_LIMIT_VIOLATION", "board_limit", "the board's limits"),
            heldBack(244, "DCGM_FI_DEV_LOW_UTIL_VIOLATION", "low_utilization", "low utilization"),
            heldBack(245, "DCGM_FI_DEV_RELIABILITY_VIOLATION", "reliability", "the board's reliability limit"),
            below(246, "DCGM_FI_DEV_TOTAL_APP_CLOCKS_VIOLATION", "application", "those of applications"),
            below(247, "DCGM_FI_DEV_TOTAL_BASE_CLOCKS_VIOLATION", "base", "the base clocks"),
            gauge(
                    250,
                    "DCGM_FI_DEV_FB_TOTAL",
                    "Device memory (in MiB).",
                    truncated(MEBI, entity -> entity.own("memory_total_bytes"))),
            gauge(
                    251,
                    "DCGM_FI_DEV_FB_FREE",
                    "Device memory that can still be allocated (in MiB).",
                    truncated(MEBI, entity -> entity.own("memory_free_bytes"))),
            gauge(
                            252,
                            "DCGM_FI_DEV_FB_USED",
                            "Device memory that is allocated (in MiB).",
                            truncated(MEBI, entity -> entity.own("memory_used_bytes")))
                    .ofShare(LoadFields::memory),
            gauge(
                    253,
                    "DCGM_FI_DEV_FB_RESERVED",
                    "Device memory that the driver keeps for itself (in MiB).",
                    truncated(MEBI, entity -> entity.own("memory_reserved_bytes"))),
            gauge(
                    254,
                    "DCGM_FI_DEV_FB_USED_PERCENT",
                    "Share of the device memory that is allocated, without what the driver keeps, 0 to 1.",
                    decimal(LoadFields::usedRatio)));

    private LoadFields() {}

    private static DcgmField utilization(int number, String name, String metric, String help) {
        return gauge(number, name, help, whole(PERCENT, entity -> entity.value(metric)));
    }

    private static DcgmField link(int number, String name, String metric, String help) {
        return gauge(number, name, help, whole(entity -> entity.value(metric)));
    }

    private static DcgmField heldBack(int number, String name, String reason, String inWords) {
        return counter(
                number,
                name,
                "Time for which " + inWords + " held the clocks down (in ns).",
                whole(NANO, entity -> entity.value("gpu_clock_event_seconds_total", reason)));
    }

    private static DcgmField throughput(int number, String name, String direction, String inWords) {
        return counter(
                number,
                name,
                "What the GPU " + inWords + " over PCIe (in KB per second); with metrics.pcie-throughput.",
                whole(1 / KILO, entity -> entity.value("gpu_pcie_throughput_" + direction + "_bytes_per_second")));
    }

    private static DcgmField below(int number, String name, String clocks, String inWords) {
        return counter(
                number,
                name,
                "Time for which the clocks were held below " + inWords + " (in ns).",
                whole(NANO, entity -> entity.value("gpu_clock_below_" + clocks + "_seconds_total")));
    }

    /** Newer drivers tell software's and the hardware's doing apart. */
    private static OptionalDouble thermalSeconds(DcgmEntity entity) {
        OptionalDouble both = entity.value("gpu_clock_event_seconds_total", "thermal");
        OptionalDouble software = entity.value("gpu_clock_event_seconds_total", "sw_thermal_slowdown");
        OptionalDouble hardware = entity.value("gpu_clock_event_seconds_total", "hw_thermal_slowdown");
        return both.isEmpty() && software.isPresent() && hardware.isPresent()
                ? OptionalDouble.of(software.getAsDouble() + hardware.getAsDouble())
                : both;
    }

    private static Optional<String> memory(Share share) {
        return share.memoryBytes().isPresent()
                ? DcgmValue.truncated(OptionalDouble.of(share.memoryBytes().getAsLong()), MEBI)
                : Optional.empty();
    }

    /** Used and free are all but what is reserved. */
    private static OptionalDouble usedRatio(DcgmEntity entity) {
        OptionalDouble used = entity.own("memory_used_bytes");
        OptionalDouble free = entity.own("memory_free_bytes");
        double usable = used.orElse(0) + free.orElse(0);
        return used.isPresent() && free.isPresent() && usable > 0
                ? OptionalDouble.of(used.getAsDouble() / usable)
                : OptionalDouble.empty();
    }

    /** Nothing where nobody would tell of one. */
    private static List<DcgmSample> lastXid(DcgmEntity entity) {
        Map<Integer, Occurrences> xids = entity.gpu().history().xids();
        if (xids.isEmpty() && entity.gpu().history().events().isEmpty()) {
            return List.of();
        }
        int last = xids.entrySet().stream()
                .filter(xid -> xid.getValue().last().isPresent())
                .max(Comparator.comparing(xid -> xid.getValue().last().orElse(Instant.MIN)))
                .map(Map.Entry::getKey)
                .orElse(0);
        String number = Integer.toString(last);
        return List.of(DcgmSample.of(Map.of("err_code", number, "err_msg", message(last)), number));
    }

    private static String message(int xid) {
        return xid == 0 ? "No Error" : XidCatalog.find(xid).map(Xid::name).orElse("Unknown Error");
    }
}
