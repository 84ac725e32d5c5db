package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.counter;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.truncated;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.whole;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

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

    static final List<DcgmField> ALL = all();

    private NvLinkFields() {}

    private static List<DcgmField> all() {
        List<DcgmField> fields = new ArrayList<>();
        for (int kind = 0; kind < KINDS.size(); kind++) {
            addErrors(kind, KINDS.get(kind), fields);
        }
        addTraffic("", link -> number(440, link), NvLinkFields::both, "carry, both ways together", fields);
        addTraffic("TX_", link -> 825 + link, entity -> entity.recent().transmitted(), "send", fields);
        addTraffic("RX_", link -> 879 + link, entity -> entity.recent().received(), "receive", fields);
        fields.add(allLinks(497, "ERROR_DL_CRC", "crc", "packets that arrived damaged"));
        fields.add(allLinks(498, "ERROR_DL_RECOVERY", "recovery", "recoveries from errors"));
        fields.add(allLinks(499, "ERROR_DL_REPLAY", "replay", "packets sent again"));
        fields.add(allLinks(1220, "ECC_DATA_ERROR_COUNT_TOTAL", "ecc_data", "memory errors"));
        return List.copyOf(fields);
    }

    /** Errors of one of our kinds. */
    private static DcgmField allLinks(int number, String name, String kind, String inWords) {
        return counter(
                number,
                "DCGM_FI_DEV_NVLINK_" + name,
                "NVLink: " + inWords + ", over all links; before NVLink 5.",
                whole(entity -> entity.sum(ERRORS, kind)));
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
                number(first, LINKS),
                name + "TOTAL",
                "NVLink: " + kind.get(2) + ", over all links.",
                whole(entity -> entity.sum(ERRORS, kind.get(1)))));
    }

    /** @param number by link; the one behind the last stands for all of them */
    private static void addTraffic(
            String way,
            IntUnaryOperator number,
            Function<DcgmEntity, Map<String, Double>> rates,
            String verb,
            List<DcgmField> fields) {
        String name = "DCGM_FI_DEV_NVLINK_" + way + "BANDWIDTH_";
        for (int i = 0; i < LINKS; i++) {
            String link = Integer.toString(i);
            fields.add(counter(
                    number.applyAsInt(i),
                    name + "L" + i,
                    "What NVLink " + i + " was seen to " + verb + " (a rate, in MB/s).",
                    truncated(UNIT, entity -> rate(rates.apply(entity), link))));
        }
        fields.add(counter(
                number.applyAsInt(LINKS),
                name + "TOTAL",
                "What all NVLinks were seen to " + verb + " (a rate, in MB/s).",
                truncated(UNIT, entity -> sum(rates.apply(entity)))));
    }

    /** The links came in as GPUs got more of them: six, six, three and three; the one behind the last stands for all. */
    private static int number(int first, int link) {
        int position = (first - 400) / 10;
        if (link == LINKS) {
            return first + 9;
        }
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
