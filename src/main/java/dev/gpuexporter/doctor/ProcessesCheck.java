package dev.gpuexporter.doctor;

import dev.gpuexporter.kubernetes.ProcessSight;
import java.util.List;
import java.util.Optional;

/** Whether processes can be followed to their pods. */
final class ProcessesCheck {
    static final String TOPIC = "processes";

    private final Optional<ProcessSight> sight;

    /** @param sight empty where nobody wants to follow them */
    ProcessesCheck(Optional<ProcessSight> sight) {
        this.sight = sight;
    }

    List<Finding> findings() {
        if (sight.isEmpty()) {
            return List.of(Finding.ok(TOPIC, "not followed (metrics.workload-usage or kubernetes.attribution is off)"));
        }
        String words = sight.get().inWords();
        if (sight.get() == ProcessSight.CLEAR) {
            return List.of(Finding.ok(TOPIC, words));
        }
        String[] halves = words.split("; ", 2);
        return List.of(
                Finding.warn(TOPIC, halves[0], halves[halves.length - 1] + ", or set metrics.workload-usage = off"));
    }
}
