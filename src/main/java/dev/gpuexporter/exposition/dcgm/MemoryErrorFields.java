package dev.gpuexporter.exposition.dcgm;

import static dev.gpuexporter.exposition.dcgm.DcgmField.counter;
import static dev.gpuexporter.exposition.dcgm.DcgmField.gauge;
import static dev.gpuexporter.exposition.dcgm.DcgmValue.whole;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Errors in device memory, and what was done about them. */
final class MemoryErrorFields {
    private static final String CORRECTED = "corrected";
    private static final String UNCORRECTED = "uncorrected";

    /** Where errors were: DCGM's name of the place, ours, and its first numbers. */
    private record Place(String name, String location, int sinceLoad, int inLife) {}

    private static final List<Place> PLACES = List.of(
            new Place("L1", "l1_cache", 314, 324),
            new Place("L2", "l2_cache", 316, 326),
            new Place("DEV", "dram", 318, 328),
            new Place("REG", "register_file", 320, 330),
            new Place("TEX", "texture_memory", 322, 332),
            new Place("SHM", "texture_shared_memory", 334, 338),
            new Place("CBU", "cbu", 336, 340),
            new Place("SRM", "sram", 342, 344));

    /** Of a bank's spare rows those that are left, in the order of DCGM's numbers. */
    private static final List<String> AVAILABLE = List.of("max", "high", "partial", "low", "none");

    static final List<DcgmField> ALL = all();

    private MemoryErrorFields() {}

    private static List<DcgmField> all() {
        List<DcgmField> fields = new ArrayList<>(List.of(
                gauge(
                        300,
                        "DCGM_FI_DEV_ECC_CURRENT",
                        "Whether error correction is on (1) or off (0).",
                        whole(entity -> entity.value("gpu_ecc_enabled"))),
                gauge(
                        301,
                        "DCGM_FI_DEV_ECC_PENDING",
                        "Whether error correction will be on (1) or off (0) once the GPU is reset.",
                        whole(entity -> entity.value("gpu_ecc_enabled_after_reset"))),
                total(310, "SBE_VOL", "gpu_ecc_volatile_errors_total", CORRECTED, "since the driver was loaded"),
                total(311, "DBE_VOL", "gpu_ecc_volatile_errors_total", UNCORRECTED, "since the driver was loaded"),
                total(312, "SBE_AGG", "gpu_ecc_errors_total", CORRECTED, "in the GPU's life"),
                total(313, "DBE_AGG", "gpu_ecc_errors_total", UNCORRECTED, "in the GPU's life"),
                gauge(
                        346,
                        "DCGM_FI_DEV_THRESHOLD_SRM",
                        "Whether there were too many uncorrected errors in SRAM (1) or not (0).",
                        whole(entity -> entity.value("gpu_ecc_sram_threshold_exceeded"))),
                pages(390, "DCGM_FI_DEV_RETIRED_SBE", "multiple_single_bit_errors", "several single-bit errors"),
                pages(391, "DCGM_FI_DEV_RETIRED_DBE", "double_bit_error", "a double-bit error"),
                counter(
                        392,
                        "DCGM_FI_DEV_RETIRED_PENDING",
                        "Whether pages will be retired when the GPU is next reset (1) or not (0).",
                        whole(entity -> entity.value("gpu_retired_pages_pending"))),
                rows(393, "DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", UNCORRECTED),
                rows(394, "DCGM_FI_DEV_CORRECTABLE_REMAPPED_ROWS", CORRECTED),
                gauge(
                        395,
                        "DCGM_FI_DEV_ROW_REMAP_FAILURE",
                        "Whether a row of device memory could not be replaced (1) or none was (0).",
                        whole(entity -> entity.value("gpu_row_remap_failed"))),
                gauge(
                        396,
                        "DCGM_FI_DEV_ROW_REMAP_PENDING",
                        "Whether rows will be replaced when the GPU is next reset (1) or not (0).",
                        whole(entity -> entity.value("gpu_row_remap_pending")))));
        for (int i = 0; i < AVAILABLE.size(); i++) {
            fields.add(banks(385 + i, AVAILABLE.get(i)));
        }
        for (Place place : PLACES) {
            fields.add(sinceLoad(place, place.sinceLoad(), "SBE", CORRECTED));
            fields.add(sinceLoad(place, place.sinceLoad() + 1, "DBE", UNCORRECTED));
            fields.add(inLife(place, place.inLife(), "SBE", CORRECTED));
            fields.add(inLife(place, place.inLife() + 1, "DBE", UNCORRECTED));
        }
        fields.sort(Comparator.comparingInt(DcgmField::number));
        return List.copyOf(fields);
    }

    private static DcgmField total(int number, String name, String metric, String severity, String when) {
        return counter(
                number,
                "DCGM_FI_DEV_ECC_" + name + "_TOTAL",
                "Memory errors that were " + severity + ", " + when + ".",
                whole(entity -> entity.value(metric, severity)));
    }

    private static DcgmField sinceLoad(Place place, int number, String bits, String severity) {
        String metric = "gpu_ecc_volatile_location_errors_total";
        return at(place, number, bits + "_VOL_", metric, severity, "since the driver was loaded");
    }

    private static DcgmField inLife(Place place, int number, String bits, String severity) {
        return at(place, number, bits + "_AGG_", "gpu_ecc_location_errors_total", severity, "in the GPU's life");
    }

    private static DcgmField at(Place place, int number, String counter, String metric, String severity, String when) {
        return counter(
                number,
                "DCGM_FI_DEV_ECC_" + counter + place.name(),
                "Errors in " + place.location().replace('_', ' ') + " that were " + severity + ", " + when + ".",
                whole(entity -> entity.value(metric, severity, place.location())));
    }

    private static DcgmField pages(int number, String name, String cause, String inWords) {
        return counter(
                number,
                name,
                "Pages of device memory that are not used any more, because of " + inWords + ".",
                whole(entity -> entity.value("gpu_retired_pages", cause)));
    }

    private static DcgmField banks(int number, String availability) {
        return gauge(
                number,
                "DCGM_FI_DEV_BANKS_REMAP_ROWS_AVAIL_" + availability.toUpperCase(Locale.ROOT),
                "Banks of device memory of which the spare rows that are left are: " + availability + ".",
                whole(entity -> entity.value("gpu_row_remap_banks", availability)));
    }

    private static DcgmField rows(int number, String name, String severity) {
        return counter(
                number,
                name,
                "Rows of device memory that were replaced because of errors that were " + severity + ".",
                whole(entity -> entity.value("gpu_remapped_rows", severity)));
    }
}
