package dev.gpuexporter.kubernetes;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The labels of pods that are shown, under names that Prometheus takes. */
public final class PodLabels {
    private static final Logger LOG = LoggerFactory.getLogger(PodLabels.class);

    private final Map<String, String> keysByName = new LinkedHashMap<>();
    private final List<Pattern> patterns = new ArrayList<>();

    /**
     * @param allowed the keys of the labels and, between slashes, patterns to be found in keys; of two that would have one
     *     name, the first is shown
     */
    public PodLabels(List<String> allowed) {
        for (String key : allowed) {
            if (key.length() > 1 && key.startsWith("/") && key.endsWith("/")) {
                patterns.add(Pattern.compile(key.substring(1, key.length() - 1)));
                continue;
            }
            String first = keysByName.putIfAbsent(name(key), key);
            if (first != null && !first.equals(key)) {
                LOG.warn("kubernetes.pod-labels: {} and {} are both {}; the first is shown", first, key, name(key));
            }
        }
    }

    private static String name(String key) {
        return "label_" + key.replaceAll("[^a-zA-Z0-9_]", "_");
    }

    /** Those of which it is known that they may come, in the order of the list: not what patterns find. */
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
        if (!patterns.isEmpty()) {
            new TreeMap<>(labels).forEach((key, value) -> {
                if (patterns.stream().anyMatch(pattern -> pattern.matcher(key).find())) {
                    shown.putIfAbsent(name(key), value);
                }
            });
        }
        return Collections.unmodifiableSortedMap(shown);
    }
}
