package dev.gpuexporter.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.attribution.Condition.State;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void isNothingSpecialWhereNothingIsWrong() {
        assertThat(with("gpu_row_remap_pending", 0)).isEqualTo(new Condition(State.OK, "ok"));
    }

    @Test
    void warnsOfNewXids() {
        assertThat(Condition.of(device("gpu_utilization_ratio", 1), NOW, false, List.of(31, 79)))
                .isEqualTo(new Condition(State.WARN, "Xid 31, 79 in the last hour"));
    }

    @Test
    void saysWhatTheDevicePluginKeepsBack() {
        assertThat(Condition.of(device("gpu_recovery_action", 1), NOW, true, List.of(79)))
                .isEqualTo(new Condition(State.BAD, "reset the GPU; the device plugin does not offer it"));
    }

    /** Drivers before 570 name no recovery action, so that these are all there is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpu_row_remap_pending           | 1 | WARN | memory is mended at the next reset",
                "gpu_retired_pages_pending       | 1 | WARN | memory is mended at the next reset",
                "gpu_row_remap_failed            | 1 | BAD  | replace the GPU, its memory is worn out",
                "gpu_ecc_sram_threshold_exceeded | 1 | BAD  | replace the GPU, its memory is worn out",
                "gpu_recovery_action             | 1 | BAD  | reset the GPU",
                "gpu_recovery_action             | 7 | BAD  | reboot the system",
                "gpu_recovery_action             | 8 | BAD  | recovery action 8"
            })
    void saysWhatHasToBeDone(String metric, double value, State state, String words) {
        assertThat(with(metric, value)).isEqualTo(new Condition(state, words));
    }

    private static Condition with(String metric, double value) {
        return Condition.of(device(metric, value), NOW, false, List.of());
    }

    private static DeviceReading device(String metric, double value) {
        Sample sample = new Sample(metric(metric), List.of(), value);
        return new DeviceReading(0, Optional.empty(), Optional.empty(), Optional.empty(), List.of(sample));
    }

    private static GpuMetric metric(String name) {
        return MetricCatalog.all().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
