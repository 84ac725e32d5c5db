package dev.gpuexporter.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.attribution.Condition.State;
import dev.gpuexporter.collection.DeviceHistory;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Occurrences;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.testing.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuSummaryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Optional<Instant> NEVER = Optional.empty();

    private static GpuSummary summary(Optional<String> problem, double utilization, DeviceHistory history) {
        DeviceIdentity identity = Identity.of(0, "GPU-a", "Tesla T4", "00000000:01:00.0", "0");
        GpuMetric metric = MetricCatalog.all().stream()
                .filter(row -> row.name().equals("gpu_utilization_ratio"))
                .findFirst()
                .orElseThrow();
        DeviceReading device = new DeviceReading(
                0,
                Optional.of(identity),
                Optional.empty(),
                problem,
                List.of(),
                problem.isPresent() ? List.of() : List.of(new Sample(metric, List.of(), utilization)),
                Optional.empty(),
                history);
        Snapshot snapshot = new Snapshot(NOW, Duration.ZERO, Optional.empty(), List.of(device));
        NodeView node = new Attribution(() -> snapshot, () -> WorkloadIndex.empty(Instant.EPOCH)).current();
        return GpuSummary.of(node).get(0);
    }

    private static DeviceHistory history(Map<Integer, Instant> xids, Duration since, Optional<Instant> lastActive) {
        TreeMap<Integer, Occurrences> occurrences = new TreeMap<>();
        xids.forEach((xid, time) -> occurrences.put(xid, new Occurrences(1, Optional.of(time))));
        return new DeviceHistory(
                occurrences, new TreeMap<>(), Optional.of(NOW.minus(since)), Optional.of(NOW), lastActive);
    }

    private static GpuSummary lost(Map<Integer, Instant> xids) {
        return summary(
                Optional.of("GPU_IS_LOST from nvmlDeviceGetMigMode"), 0, history(xids, Duration.ofHours(1), NEVER));
    }

    @ParameterizedTest
    @CsvSource({
        "PT30S, idle",
        "PT2M59S, idle 2 min",
        "PT2H5M, idle 2 h",
        "PT47H, idle 1 d",
    })
    void saysForHowLongAGpuHasBeenIdle(Duration idle, String text) {
        DeviceHistory history = history(Map.of(), Duration.ofDays(9), Optional.of(NOW.minus(idle)));
        assertThat(summary(Optional.empty(), 0, history).condition()).isEqualTo(new Condition(State.IDLE, text));
    }

    @Test
    void saysForHowLongAtLeastWhereItWasNeverBusy() {
        assertThat(summary(Optional.empty(), 0, history(Map.of(), Duration.ofHours(2), NEVER))
                        .condition()
                        .words())
                .isEqualTo("idle > 2 h");
    }

    @Test
    void saysNothingOfABusyGpusPast() {
        DeviceHistory history =
                history(Map.of(79, NOW.minus(Duration.ofHours(1))), Duration.ofHours(2), Optional.of(NOW));
        assertThat(summary(Optional.empty(), 0.4, history).condition()).isEqualTo(new Condition(State.OK, "ok"));
        assertThat(summary(Optional.empty(), 0.4, history).xidTexts()).isEmpty();
    }

    @Test
    void saysWhichXidsCameInTheLastHour() {
        DeviceHistory history = history(Map.of(79, NOW, 13, NOW), Duration.ofHours(2), Optional.of(NOW));
        assertThat(summary(Optional.empty(), 0.4, history).condition().problem())
                .isEqualTo("Xid 13, 79 in the last hour");
        assertThat(summary(Optional.empty(), 0.4, history).xidTexts())
                .containsExactly("Xid 13 at " + NOW, "Xid 79 at " + NOW);
    }

    @Test
    void saysByItsXidWhyAGpuIsLostAndWhatToDo() {
        GpuSummary gpu = lost(Map.of(13, NOW, 79, NOW.minusSeconds(3)));
        assertThat(gpu.condition()).isEqualTo(new Condition(State.LOST, "Xid 79: fell off the bus; reboot the node"));
    }

    @Test
    void takesTheLastOfSeveral() {
        assertThat(lost(Map.of(119, NOW.minusSeconds(3), 62, NOW.minusSeconds(9)))
                        .condition()
                        .problem())
                .isEqualTo("Xid 119: GSP RPC timeout; reset the GPU");
    }

    @Test
    void doesNotBlameAnApplicationsXidNorAnOldOne() {
        assertThat(lost(Map.of(13, NOW)).condition().problem()).isEqualTo("GPU_IS_LOST from nvmlDeviceGetMigMode");
        assertThat(lost(Map.of(119, NOW.minus(Duration.ofHours(5)))).condition().problem())
                .isEqualTo("GPU_IS_LOST from nvmlDeviceGetMigMode");
    }
}
