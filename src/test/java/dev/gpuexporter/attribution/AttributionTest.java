package dev.gpuexporter.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.Peak;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.nvml.DriverSample;
import dev.gpuexporter.testing.Identity;
import dev.gpuexporter.testing.Log;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttributionTest {
    private static final Workload TRAINING = new Workload("research", "train-0", "main");

    /** Another GPU has had that number before the driver was loaded again, and is still shown. */
    @Test
    void givesADeviceToTheGpuThatHasItsMinorNumberNow() {
        DeviceReading present = gpu(0, "GPU-present", "1", Optional.empty());
        DeviceReading departed = gpu(1, "GPU-departed", "1", Optional.of("another GPU answers under its index"));
        NodeView node = joined(List.of(present, departed), "nvidia1");
        assertThat(node.owner(present).workloads()).containsExactly(TRAINING);
        assertThat(node.owner(departed).workloads()).isEmpty();
        assertThat(node.unmapped()).isEmpty();
    }

    /** A peak of the minute in which a pod came is not the pod's. */
    @Test
    void givesAPeakToWhoeverHeldTheGpuThen() {
        Instant start = Instant.parse("2026-03-01T12:00:00Z");
        Node node =
                new Node(snapshot(start, new DriverSample(start, 700), new DriverSample(start.plusSeconds(20), 80)));

        node.hears(held(start.minusSeconds(60), "train-0"));
        assertThat(node.peaks()).containsExactly("train-0 700.0");
        node.hears(held(start.plusSeconds(5), "train-0"));
        assertThat(node.peaks()).containsExactly("train-0 700.0");
        node.hears(held(start.plusSeconds(15), "notebook-7"));
        assertThat(node.peaks()).containsExactly("notebook-7 80.0");
        node.hears(held(start.plusSeconds(16), "notebook-7"));
        assertThat(node.peaks()).containsExactly("notebook-7 80.0");
        node.hears(held(start.plusSeconds(25), "train-1"));
        assertThat(node.peaks()).isEmpty();
        node.hears(WorkloadIndex.empty(start.plusSeconds(26)));
        assertThat(node.peaks()).containsExactly(" 700.0");
    }

    /** The kubelet may be quicker than the driver when the exporter starts: the pod may have been there for long. */
    @Test
    void givesAPeakToThePodThatWasThereBeforeTheFirstPoll() {
        Instant start = Instant.parse("2026-03-01T12:00:00Z");
        Node node = new Node(new Snapshot(start, Duration.ZERO, Optional.empty(), List.of()));
        node.hears(held(start.plusSeconds(1), "train-0"));
        node.polls(snapshot(start.plusSeconds(2), new DriverSample(start, 700)));
        assertThat(node.peaks()).containsExactly("train-0 700.0");
    }

    @Test
    void namesAHundredDevicesThatTheDriverDoesNotKnowEachOnce() {
        try (Log log = Log.of(Attribution.class)) {
            Instant start = Instant.parse("2026-03-01T12:00:00Z");
            Node node = new Node(snapshot(start, new DriverSample(start, 700)));
            node.hears(heldAt(start, List.of("odd\nname" + "x".repeat(1 << 20))));
            assertThat(log.lines())
                    .containsExactly("WARN nvidia.com/gpu odd name" + "x".repeat(112)
                            + ", held by research/train-0, is no GPU that the driver knows;"
                            + " counted in gpu_exporter_unmapped_devices");

            List<String> many =
                    IntStream.range(0, 200).mapToObj(number -> "odd" + number).toList();
            node.hears(heldAt(start.plusSeconds(10), many));
            node.hears(heldAt(start.plusSeconds(20), many));
            assertThat(log.lines())
                    .hasSize(101)
                    .last()
                    .isEqualTo("WARN more than 100 devices that the driver does not know are held; no more of them are"
                            + " named");
        }
    }

    private static WorkloadIndex heldAt(Instant time, List<String> ids) {
        return WorkloadIndex.of(
                time,
                ids.stream()
                        .map(id -> new Allocation(TRAINING, "nvidia.com/gpu", DeviceId.parse(id)))
                        .toList(),
                Optional.empty(),
                GpuResources.byForm());
    }

    /** A node whose kubelet, or driver, says something new now and then. */
    private static final class Node {
        private WorkloadIndex heard = WorkloadIndex.empty(Instant.EPOCH);
        private Snapshot polled;
        private final Attribution attribution;

        Node(Snapshot polled) {
            this.polled = polled;
            this.attribution = new Attribution(() -> this.polled, () -> heard);
        }

        void polls(Snapshot snapshot) {
            polled = snapshot;
            attribution.refresh();
        }

        void hears(WorkloadIndex index) {
            heard = index;
            attribution.refresh();
        }

        /** The owner and the value of each. */
        List<String> peaks() {
            return new SeriesBuilder(AttributionMode.LABELS)
                    .series(attribution.current()).stream()
                            .filter(series -> series.metric().name().endsWith("peak_watts"))
                            .map(series -> (series.labelNames().contains("pod")
                                            ? series.labelValues()
                                                    .get(series.labelNames().indexOf("pod"))
                                            : "")
                                    + " " + series.value())
                            .toList();
        }
    }

    private static Snapshot snapshot(Instant time, DriverSample... falling) {
        GpuMetric metric = MetricCatalog.all().stream()
                .filter(any -> any.name().equals("gpu_power_draw_peak_watts"))
                .findFirst()
                .orElseThrow();
        Peak peak = new Peak(List.of(falling));
        Sample sample = new Sample(metric, Optional.empty(), List.of(), falling[0].value(), peak);
        DeviceReading gpu = gpu(0, "GPU-0", "0", Optional.empty());
        return new Snapshot(
                time,
                Duration.ZERO,
                Optional.empty(),
                List.of(new DeviceReading(0, gpu.identity(), gpu.versions(), gpu.problem(), List.of(sample))));
    }

    private static WorkloadIndex held(Instant readAt, String pod) {
        return WorkloadIndex.of(
                readAt,
                List.of(new Allocation(
                        new Workload("research", pod, "main"), "nvidia.com/gpu", DeviceId.parse("nvidia0"))),
                Optional.empty(),
                GpuResources.byForm());
    }

    private static NodeView joined(List<DeviceReading> devices, String held) {
        Snapshot snapshot = new Snapshot(Instant.EPOCH, Duration.ZERO, Optional.empty(), devices);
        WorkloadIndex workloads = WorkloadIndex.of(
                Instant.EPOCH,
                List.of(new Allocation(TRAINING, "nvidia.com/gpu", DeviceId.parse(held))),
                Optional.empty(),
                GpuResources.byForm());
        return new Attribution(() -> snapshot, () -> workloads).current();
    }

    private static DeviceReading gpu(int index, String uuid, String minor, Optional<String> problem) {
        DeviceIdentity identity = Identity.of(index, uuid, "Tesla T4", "00000000:0" + index + ":00.0", minor);
        return new DeviceReading(index, Optional.of(identity), Optional.empty(), problem, List.of());
    }
}
