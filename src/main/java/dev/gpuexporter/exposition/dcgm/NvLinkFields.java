package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.counter;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.truncated;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.whole;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The links between GPUs: what they carry, as a rate though DCGM calls it a counter, and their errors. */
final class NvLinkFields {
    private static final String ERRORS = "gpu_nvlink_errors_total";
    private static final int LINKS = 18;

    /** DCGM's megabytes are thousands of KiB. */
    private static final double UNIT = 1024 * 1000;

    /** Errors up to NVLink 4, in the order of their numbers: DCGM's name and ours. */
    private static final List<List<String>> KINDS = List.of(
            List.of("CRC_FLIT", "crc_flit", "flits that arrived damaged"),
            List.of("CRC_DATA", "crc_data", "data that arrived damaged"),
            List.of("REPLAY", "replay", "packets sent again"),
            List.of("RECOVERY", "recovery", "recoveries from errors"));

    /** Those that NVLink 5 tells. */
    private static final List<List<String>> KINDS_OF_NVLINK_5 = List.of(
            List.of("RX_MALFORMED_PACKET_ERRORS", "malformed_packet", "packets received malformed"),
            List.of("RX_BUFFER_OVERRUN_ERRORS", "buffer_overrun", "packets dropped for want of room"),
            List.of("RX_REMOTE_ERRORS", "receive_remote", "packets that the other end marked as bad"),
            List.of("RX_GENERAL_ERRORS", "receive_general", "packets received with other errors"),
            List.of("LOCAL_LINK_INTEGRITY_ERRORS", "link_integrity", "times that the link's integrity was in doubt"),
            List.of("TX_DISCARDS", "transmit_discard", "packets dropped before they were sent"),
            List.of("LINK_RECOVERY_SUCCESSFUL_EVENTS", "recovery_successful", "recoveries that ended well"),
            List.of("LINK_RECOVERY_FAILED_EVENTS", "recovery_failed", "recoveries that failed"));

    static final List<DcgmField> ALL = all();

    private NvLinkFields() {}

    private static List<DcgmField> all() {
        List<DcgmField> numbered = new ArrayList<>();
        for (int kind = 0; kind < KINDS.size(); kind++) {
            addErrors(kind, KINDS.get(kind), numbered);
        }
        addTraffic("", 440, NvLinkFields::both, "carry, both ways together", numbered);
        numbered.sort(Comparator.comparingInt(DcgmField::number));
        List<DcgmField> fields = new ArrayList<>(numbered);
        addTraffic("TX_", 0, entity -> entity.recent().transmitted(), "send", fields);
        addTraffic("RX_", 0, entity -> entity.recent().received(), "receive", fields);
        KINDS_OF_NVLINK_5.forEach(kind -> fields.add(counter(
                0,
                "DCGM_FI_DEV_NVLINK_COUNT_" + kind.get(0),
                "NVLink 5: " + kind.get(2) + ", over all links.",
                whole(entity -> entity.sum(ERRORS, kind.get(1))))));
        return List.copyOf(fields);
    }

    private static void addErrors(int position, List<String> kind, List<DcgmField> fields) {
        String name = "DCGM_FI_DEV_NVLINK_" + kind.get(0) + "_ERROR_COUNT_";
        int first = 400 + 10 * position;
        for (int i = 0; i < LINKS; i++) {
            String link = Integer.toString(i);
            fields.add(counter(
                    number(first, i),
                    name + "L" + i,
                    "NVLink " + i + ": " + kind.get(2) + ".",
                    whole(entity -> entity.value(ERRORS, link, kind.get(1)))));
        }
        fields.add(counter(
                first + 9,
                name + "TOTAL",
                "NVLink: " + kind.get(2) + ", over all links.",
                whole(entity -> entity.sum(ERRORS, kind.get(1)))));
    }

    /** @param first the number of link 0; 0 where it is not known */
    private static void addTraffic(
            String way,
            int first,
            Function<DcgmEntity, Map<String, Double>> rates,
            String verb,
            List<DcgmField> fields) {
        String name = "DCGM_FI_DEV_NVLINK_" + way + "BANDWIDTH_";
        for (int i = 0; i < LINKS; i++) {
            String link = Integer.toString(i);
            fields.add(counter(
                    first == 0 ? 0 : number(first, i),
                    name + "L" + i,
                    "What NVLink " + i + " was seen to " + verb + " (a rate, in MB/s).",
                    truncated(UNIT, entity -> rate(rates.apply(entity), link))));
        }
        fields.add(counter(
                first == 0 ? 0 : first + 9,
                name + "TOTAL",
                "What all NVLinks were seen to " + verb + " (a rate, in MB/s).",
                truncated(UNIT, entity -> sum(rates.apply(entity)))));
    }

    /** The links came in as GPUs got more of them: six, six, three and three. */
    private static int number(int first, int link) {
        int position = (first - 400) / 10;
        if (link < 6) {
            return first + link;
        }
        if (link < 12) {
            return 451 + 6 * position + link - 6;
        }
        return link < 15 ? first + 6 + link - 12 : 481 + 3 * position + link - 15;
    }

    private static Map<String, Double> both(DcgmEntity entity) {
        Map<String, Double> received = entity.recent().received();
        Map<String, Double> both = new HashMap<>();
        entity.recent().transmitted().forEach((link, rate) -> {
            if (received.containsKey(link)) {
                both.put(link, rate + received.get(link));
            }
        });
        return both;
    }

    private static OptionalDouble rate(Map<String, Double> rates, String link) {
        return rates.containsKey(link) ? OptionalDouble.of(rates.get(link)) : OptionalDouble.empty();
    }

    private static OptionalDouble sum(Map<String, Double> rates) {
        return rates.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        rates.values().stream().mapToDouble(Double::doubleValue).sum());
    }
}
