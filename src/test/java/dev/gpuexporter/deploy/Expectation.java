package dev.gpuexporter.deploy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * When an alert is to fire and when not.
 *
 * @param quietAt a time at which it fires for nobody
 * @param firesAt a time at which it fires, and for these alone
 * @param gpus by index; empty for what befalls the node
 */
record Expectation(String alert, Duration quietAt, Duration firesAt, List<Integer> gpus) {

    static Expectation gpus(String alert, int quietMinute, int firingMinute, Integer... gpus) {
        return new Expectation(alert, Duration.ofMinutes(quietMinute), Duration.ofMinutes(firingMinute), List.of(gpus));
    }

    static Expectation node(String alert, int quietMinute, int firingMinute) {
        return gpus(alert, quietMinute, firingMinute);
    }

    void askOf(PromTool promtool) {
        String firing = "group by (gpu) (ALERTS{alertname=\"" + alert + "\", alertstate=\"firing\"})";
        promtool.expect(firing, quietAt, Map.of());
        promtool.expect(firing, firesAt, samples());
    }

    private Map<String, Double> samples() {
        return gpus.isEmpty()
                ? Map.of("{}", 1.0)
                : gpus.stream().collect(Collectors.toMap(gpu -> "{gpu=\"" + gpu + "\"}", gpu -> 1.0));
    }
}
