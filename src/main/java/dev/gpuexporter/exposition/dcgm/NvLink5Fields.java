package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.counter;
import static dev.gpuexporter.exposition.dcgm.DcgmField.gauge;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.whole;

import dev.gpuexporter.metrics.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** What links count from NVLink 5 on, over all of a GPU's. */
final class NvLink5Fields {
    private static final String PREFIX = "DCGM_FI_DEV_NVLINK_COUNT_";
    private static final String ERRORS = "gpu_nvlink_errors_total";
    private static final String FEC = "gpu_nvlink_fec_blocks_total";
    private static final String SYMBOL_RATIO = "gpu_nvlink_symbol_error_ratio";
    private static final String EFFECTIVE_RATIO = "gpu_nvlink_effective_error_ratio";
    private static final int FEC_BINS = 16;

    /** Of the driver's error ratios: four bits of a digit, eight of places behind the point. */
    private static final int MOST_PLACES = 0xff;

    private static final int MOST_DIGIT = 0xf;

    static final List<DcgmField> ALL = all();

    private NvLink5Fields() {}

    private static List<DcgmField> all() {
        List<DcgmField> fields = new ArrayList<>(List.of(
                detail(1200, "TX_PACKETS", "packets sent", "gpu_nvlink_transmit_packets_total"),
                sum(1201, "TX_BYTES", "bytes sent", "gpu_nvlink_transmit_bytes_total"),
                detail(1202, "RX_PACKETS", "packets received", "gpu_nvlink_receive_packets_total"),
                sum(1203, "RX_BYTES", "bytes received", "gpu_nvlink_receive_bytes_total"),
                kind(1204, "RX_MALFORMED_PACKET_ERRORS", "packets received malformed", "malformed_packet"),
                kind(1205, "RX_BUFFER_OVERRUN_ERRORS", "packets dropped for want of room", "buffer_overrun"),
                detail(
                        1206,
                        "RX_ERRORS",
                        "packets received with errors of any kind",
                        "gpu_nvlink_receive_error_packets_total"),
                kind(1207, "RX_REMOTE_ERRORS", "packets that the other end marked as bad", "receive_remote"),
                kind(1208, "RX_GENERAL_ERRORS", "packets received with other errors", "receive_general"),
                kind(
                        1209,
                        "LOCAL_LINK_INTEGRITY_ERRORS",
                        "times that the link's integrity was in doubt",
                        "link_integrity"),
                kind(1210, "TX_DISCARDS", "packets dropped before they were sent", "transmit_discard"),
                kind(1211, "LINK_RECOVERY_SUCCESSFUL_EVENTS", "recoveries that ended well", "recovery_successful"),
                kind(1212, "LINK_RECOVERY_FAILED_EVENTS", "recoveries that failed", "recovery_failed"),
                counter(
                        1213,
                        PREFIX + "LINK_RECOVERY_EVENTS",
                        "NVLink 5: recoveries, however they ended, over all links.",
                        whole(NvLink5Fields::recoveries)),
                sum(1214, "RX_SYMBOL_ERRORS", "symbols that arrived wrong", "gpu_nvlink_symbol_errors_total"),
                encoded(1215, "SYMBOL_BER", SYMBOL_RATIO),
                decoded(1216, "SYMBOL_BER_FLOAT", "by its wrong symbols", SYMBOL_RATIO),
                encoded(1217, "EFFECTIVE_BER", EFFECTIVE_RATIO),
                decoded(1218, "EFFECTIVE_BER_FLOAT", "after correction", EFFECTIVE_RATIO),
                sum(
                        1219,
                        "EFFECTIVE_ERRORS",
                        "errors that correction left in packets",
                        "gpu_nvlink_effective_errors_total")));
        for (int i = 0; i < FEC_BINS; i++) {
            String bin = Integer.toString(i);
            fields.add(counter(
                            1404 + i,
                            PREFIX + "FEC_HISTORY_" + i,
                            "NVLink 5: blocks in the bin " + i + " of those by how much was corrected, over all links.",
                            whole(entity -> entity.sum(FEC, bin)))
                    .needs(Group.LINK_DETAILS));
        }
        return List.copyOf(fields);
    }

    private static DcgmField sum(int number, String name, String inWords, String metric) {
        return counter(
                number,
                PREFIX + name,
                "NVLink 5: " + inWords + ", over all links.",
                whole(entity -> entity.sum(metric)));
    }

    private static DcgmField detail(int number, String name, String inWords, String metric) {
        return sum(number, name, inWords, metric).needs(Group.LINK_DETAILS);
    }

    private static DcgmField kind(int number, String name, String inWords, String kind) {
        return counter(
                number,
                PREFIX + name,
                "NVLink 5: " + inWords + ", over all links.",
                whole(entity -> entity.sum(ERRORS, kind)));
    }

    private static OptionalDouble recoveries(DcgmEntity entity) {
        OptionalDouble successful = entity.sum(ERRORS, "recovery_successful");
        OptionalDouble failed = entity.sum(ERRORS, "recovery_failed");
        return successful.isPresent() && failed.isPresent()
                ? OptionalDouble.of(successful.getAsDouble() + failed.getAsDouble())
                : OptionalDouble.empty();
    }

    /** With six decimals it would always be 0. */
    private static DcgmField decoded(int number, String name, String inWords, String metric) {
        return gauge(
                        number,
                        PREFIX + name,
                        "NVLink 5: bit error ratio " + inWords + ", of the worst link.",
                        entity -> DcgmSample.of(text(entity.greatest(metric))))
                .needs(Group.LINK_DETAILS);
    }

    private static Optional<String> text(OptionalDouble ratio) {
        return ratio.isPresent() ? Optional.of(Double.toString(ratio.getAsDouble())) : Optional.empty();
    }

    private static DcgmField encoded(int number, String name, String metric) {
        return gauge(
                        number,
                        PREFIX + name,
                        "NVLink 5: " + name
                                + "_FLOAT as the driver writes it: a digit times 256, and the places behind the point.",
                        whole(entity -> encoded(entity.greatest(metric))))
                .needs(Group.LINK_DETAILS);
    }

    private static OptionalDouble encoded(OptionalDouble ratio) {
        if (ratio.isEmpty() || ratio.getAsDouble() == 0) {
            return ratio;
        }
        for (int places = 0; places <= MOST_PLACES; places++) {
            double digit = ratio.getAsDouble() * Math.pow(10, places);
            long whole = Math.round(digit);
            if (whole >= 1 && whole <= MOST_DIGIT && Math.abs(digit - whole) < 1e-6) {
                return OptionalDouble.of(whole << 8 | places);
            }
        }
        return OptionalDouble.empty();
    }
}
