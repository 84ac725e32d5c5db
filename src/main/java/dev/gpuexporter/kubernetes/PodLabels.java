package dev.gpuexporter.kubernetes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The labels of pods that are shown, under names that Prometheus takes. */
public final class PodLabels {
    private static final Logger LOG = LoggerFactory.getLogger(PodLabels.class);

    private final Map<String, String> keysByName = new LinkedHashMap<>();

    /** @param allowed the keys of the labels; of two that would have one name, the first is shown */
    public PodLabels(List<String> allowed) {
        for (String key : allowed) {
            String first = keysByName.putIfAbsent(name(key), key);
            if (first != null && !first.equals(key)) {
                LOG.warn("kubernetes.pod-labels: {} and {} are both {}; the first is shown", first, key, name(key));
            }
        }
    }

    private static String name(String key) {
        return "label_" + key.replaceAll("[^a-zA-Z0-9_]", "_");
    }

    /** All names that may come, in the order of the list. */
    public List<String> names() {
        return List.copyOf(keysByName.keySet());
    }

    /** Of a pod's labels those that are shown, by the names they are shown under. */
    SortedMap<String, String> of(Map<String, String> labels) {
        SortedMap<String, String> shown = new TreeMap<>();
        keysByName.forEach((name, key) -> {
            String value = labels.get(key);
            if (value != null) {
                shown.put(name, value);
            }
        });
        return Collections.unmodifiableSortedMap(shown);
    }
}
