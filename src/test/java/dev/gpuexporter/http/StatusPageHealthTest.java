package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.attribution.GpuSummary;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.Sample;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusPageHealthTest {
    @Test
    void isWhatTheSummarySaysWhereNothingIsWrong() {
        assertThat(with("gpu_row_remap_pending", 0)).isEqualTo(new StatusPageHealth("", "idle 2 h"));
    }

    /** Drivers before 570 name no recovery action, so that these are all there is. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpu_row_remap_pending           | 1 | warn | memory is mended at the next reset",
                "gpu_retired_pages_pending       | 1 | warn | memory is mended at the next reset",
                "gpu_row_remap_failed            | 1 | bad  | replace the GPU, its memory is worn out",
                "gpu_ecc_sram_threshold_exceeded | 1 | bad  | replace the GPU, its memory is worn out",
                "gpu_recovery_action             | 1 | bad  | reset the GPU",
                "gpu_recovery_action             | 7 | bad  | reboot the system",
                "gpu_recovery_action             | 8 | bad  | recovery action 8"
            })
    void saysWhatHasToBeDone(String metric, double value, String style, String words) {
        assertThat(with(metric, value)).isEqualTo(new StatusPageHealth(style, words));
    }

    private static StatusPageHealth with(String metric, double value) {
        Sample sample = new Sample(metric(metric), List.of(), value);
        DeviceReading device =
                new DeviceReading(0, Optional.empty(), Optional.empty(), Optional.empty(), List.of(sample));
        OptionalDouble unknown = OptionalDouble.empty();
        GpuSummary gpu = new GpuSummary(
                0,
                "GPU-0",
                "Tesla T4",
                unknown,
                unknown,
                unknown,
                unknown,
                unknown,
                unknown,
                "idle",
                "idle 2 h",
                "",
                false,
                List.of(),
                List.of(),
                List.of());
        return StatusPageHealth.of(gpu, device, false, List.of());
    }

    private static GpuMetric metric(String name) {
        return MetricCatalog.all().stream()
                .filter(metric -> metric.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
