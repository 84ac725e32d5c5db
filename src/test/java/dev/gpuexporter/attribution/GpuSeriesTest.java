package dev.gpuexporter.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.metrics.DeviceMetrics;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.metrics.WorkloadMetrics;
import dev.gpuexporter.testing.Identity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GpuSeriesTest {
    private static final Optional<Workload> TRAINING = Optional.of(new Workload("research", "train-0", "main"));
    private static final Optional<Workload> INFERENCE = Optional.of(new Workload("prod", "serve-0", "main"));

    private final GpuSeries gpu = new GpuSeries(device(3, "GPU-a"), new LabelNames());

    @Test
    void givesTheSameSeriesAsLongAsNothingChanges() {
        Series first = up(1, TRAINING);

        assertThat(first.labelValues()).containsExactly("3", "GPU-a", "research", "train-0", "main");
        assertThat(up(1, TRAINING)).isSameAs(first);
    }

    @Test
    void keepsTheLabelsOfAnotherValue() {
        Series first = up(1, TRAINING);
        Series second = up(0, TRAINING);

        assertThat(second.value()).isZero();
        assertThat(second.labelValues()).isSameAs(first.labelValues());
    }

    @Test
    void namesTheOwnerOfNow() {
        up(1, TRAINING);

        assertThat(up(1, INFERENCE).labelValues()).containsExactly("3", "GPU-a", "prod", "serve-0", "main");
        assertThat(up(1, Optional.empty()).labelValues()).containsExactly("3", "GPU-a");
        assertThat(up(1, Optional.empty()).labelNames()).containsExactly("gpu", "uuid");
    }

    @Test
    void followsSamplesThatComeAndGo() {
        for (List<String> pods :
                List.of(List.of("a", "b", "c"), List.of("b", "c"), List.of("c"), List.of("a", "c", "b"))) {
            gpu.beginPage();
            for (String pod : pods) {
                Sample sample = new Sample(WorkloadMetrics.INFO, List.of("ns", pod, "main", "nvidia.com/gpu"), 1);
                assertThat(gpu.of(sample).labelValues())
                        .containsExactly("3", "GPU-a", "ns", pod, "main", "nvidia.com/gpu");
            }
        }
    }

    @Test
    void isOfOneGpuAtOneIndex() {
        assertThat(gpu.isOf(device(3, "GPU-a"))).isTrue();
        assertThat(gpu.isOf(device(3, "GPU-b")))
                .as("one that was put in its place")
                .isFalse();
        assertThat(gpu.isOf(device(2, "GPU-a"))).isFalse();
    }

    private Series up(double value, Optional<Workload> owner) {
        gpu.beginPage();
        return gpu.of(new Sample(DeviceMetrics.UP, List.of(), value), value, owner);
    }

    private static DeviceReading device(int index, String uuid) {
        return new DeviceReading(
                index,
                Optional.of(Identity.of(index, uuid, "Tesla T4", "", "0")),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }
}
