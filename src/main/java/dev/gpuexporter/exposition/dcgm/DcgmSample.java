package dev.gpuexporter.exposition.dcgm;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One value of one field.
 *
 * @param labels those that only this field has
 * @param value as it is written
 */
record DcgmSample(SortedMap<String, String> labels, String value) {
    static DcgmSample of(String value) {
        return new DcgmSample(new TreeMap<>(), value);
    }

    static DcgmSample of(Map<String, String> labels, String value) {
        return new DcgmSample(new TreeMap<>(labels), value);
    }

    /** One, or none. */
    static List<DcgmSample> of(Optional<String> value) {
        return value.map(text -> List.of(of(text))).orElse(List.of());
    }
}
