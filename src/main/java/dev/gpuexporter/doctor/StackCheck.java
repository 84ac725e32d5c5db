package dev.gpuexporter.doctor;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What the GPU Operator's validator says. */
final class StackCheck {
    static final String TOPIC = "stack";

    private final SortedMap<String, Boolean> ready;

    /** @param ready whether each component is; empty where nobody validates */
    StackCheck(SortedMap<String, Boolean> ready) {
        this.ready = ready;
    }

    List<Finding> findings() {
        if (ready.isEmpty()) {
            return List.of();
        }
        if (!ready.containsValue(false)) {
            return List.of(Finding.ok(TOPIC, "the GPU Operator found in order: " + with(true)));
        }
        return List.of(Finding.warn(
                TOPIC,
                "the GPU Operator has not found in order: " + with(false),
                "see the operator's pods on this node, its validator first; the validator takes its findings back as it"
                        + " stops, so this alone proves no fault"));
    }

    private String with(boolean state) {
        return ready.entrySet().stream()
                .filter(component -> component.getValue() == state)
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
    }
}
