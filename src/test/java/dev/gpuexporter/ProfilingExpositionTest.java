package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gpuexporter.attribution.Attribution;
import dev.gpuexporter.attribution.Series;
import dev.gpuexporter.attribution.SeriesBuilder;
import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.collection.ReadNode;
import dev.gpuexporter.collection.Snapshot;
import dev.gpuexporter.config.Settings.AttributionMode;
import dev.gpuexporter.kubernetes.Allocation;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.GpuResources;
import dev.gpuexporter.kubernetes.Workload;
import dev.gpuexporter.kubernetes.WorkloadIndex;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.metrics.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What needs two polls: the readings of GPM. */
class ProfilingExpositionTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Workload TRAINING = new Workload("research", "train-0", "main");

    private static DeviceReading second(String scenario, int gpu) throws Exception {
        ReadNode node = ReadNode.of(scenario);
        assertThat(profiled(node.read(gpu))).as("the first poll is silent").isEmpty();
        return node.afterRealTime(MINUTE, gpu);
    }

    private static Set<String> profiled(DeviceReading reading) {
        return reading.samples().stream()
                .filter(sample -> sample.metric().group() == Group.PROFILING)
                .map(sample -> sample.metric().name())
                .collect(Collectors.toSet());
    }

    private static Set<String> families(boolean mig) {
        return MetricCatalog.all().stream()
                .filter(metric ->
                        metric.group() == Group.PROFILING && metric.subject().isMig() == mig)
                .map(GpuMetric::name)
                .collect(Collectors.toSet());
    }

    /** Under a load of 97 %; what share of it each unit has is the simulation's own. */
    @Test
    void eachReadingIsItsOwn() throws Exception {
        DeviceReading reading = second("h100", 0);
        assertThat(profiled(reading)).isEqualTo(families(false));
        near(reading, 0.97, "gpu_graphics_engine_active_ratio");
        near(reading, 0.97 * 0.9, "gpu_sm_active_ratio");
        near(reading, 0.97 * 0.45, "gpu_sm_occupancy_ratio");
        near(reading, 0.97 * 0.5, "gpu_tensor_active_ratio");
        near(reading, 0.97 * 0.02, "gpu_tensor_pipe_active_ratio", "dfma");
        near(reading, 0.97 * 0.03, "gpu_tensor_pipe_active_ratio", "dmma");
        near(reading, 0.97 * 0.4, "gpu_tensor_pipe_active_ratio", "hmma");
        near(reading, 0.97 * 0.05, "gpu_tensor_pipe_active_ratio", "imma");
        near(reading, 0.97 * 0.01, "gpu_fp64_active_ratio");
        near(reading, 0.97 * 0.17, "gpu_fp32_active_ratio");
        near(reading, 0.97 * 0.07, "gpu_fp16_active_ratio");
        near(reading, 0.97 * 0.21, "gpu_integer_active_ratio");
        assertThat(reading.value("gpu_dram_active_ratio").orElseThrow()).isBetween(0.2, 0.6);
        double transmit = reading.value("gpu_pcie_transmit_bytes_per_second").orElseThrow();
        double receive = reading.value("gpu_pcie_receive_bytes_per_second").orElseThrow();
        assertThat(transmit).isBetween(100e6, 600e6);
        assertThat(receive).isBetween(600e6, 2e9);
    }

    /** The counters of the links, which are read by another call, say the same of that minute. */
    @Test
    void whatGoesOverNvLinkIsWhatItsCountersSay() throws Exception {
        ReadNode node = ReadNode.of("h200");
        DeviceReading before = node.read(0);
        DeviceReading after = node.afterRealTime(MINUTE, 0);
        for (String direction : List.of("transmit", "receive")) {
            double bytes = counted(after, direction) - counted(before, direction);
            assertThat(after.value("gpu_nvlink_" + direction + "_bytes_per_second")
                            .orElseThrow())
                    .as(direction)
                    .isPositive()
                    .isCloseTo(bytes / 60, within(bytes / 60 * 0.001));
        }
        assertThat(after.value("gpu_nvlink_transmit_bytes_per_second"))
                .isNotEqualTo(after.value("gpu_nvlink_receive_bytes_per_second"));
    }

    /** There may be an eighth decoder; this GPU has seven. */
    @Test
    void tellsEachEngineForPictures() throws Exception {
        DeviceReading reading = second("h200", 0);
        assertThat(engines(reading, "gpu_decoder_active_ratio")).isEqualTo(Set.of("0", "1", "2", "3", "4", "5", "6"));
        assertThat(engines(reading, "gpu_jpeg_active_ratio")).isEqualTo(Set.of("0", "1", "2", "3", "4", "5", "6"));
        assertThat(engines(reading, "gpu_ofa_active_ratio")).isEqualTo(Set.of("0"));
        // No simulated pod works on pictures, as the utilization of the engines says too.
        assertThat(reading.value("gpu_decoder_active_ratio", "6")).hasValue(0);
        assertThat(reading.value("gpu_decoder_utilization_ratio")).hasValue(0);
    }

    @Test
    void aGpuInstanceHasTheEnginesThatItWasCutWith() throws Exception {
        DeviceReading reading = second("mig-h100", 0);
        for (MigPart part : reading.mig()) {
            assertThat(engines(reading, part, "gpu_mig_decoder_active_ratio"))
                    .as(part.profile())
                    .hasSize((int)
                            reading.value(part, "gpu_mig_engines", "decoder").orElseThrow());
            assertThat(engines(reading, part, "gpu_mig_jpeg_active_ratio"))
                    .as(part.profile())
                    .hasSize(
                            (int) reading.value(part, "gpu_mig_engines", "jpeg").orElseThrow());
        }
        assertThat(engines(reading, "gpu_decoder_active_ratio")).isEmpty();
    }

    @Test
    void theLinksOfAGpuCarryTogetherWhatItSendsAndReceives() throws Exception {
        for (String scenario : List.of("h200", "b200")) {
            DeviceReading reading = second(scenario, 0);
            for (String direction : List.of("transmit", "receive")) {
                List<Sample> links = reading.samples().stream()
                        .filter(sample ->
                                sample.metric().name().equals("gpu_nvlink_link_" + direction + "_bytes_per_second"))
                        .toList();
                double all = reading.value("gpu_nvlink_" + direction + "_bytes_per_second")
                        .orElseThrow();
                assertThat(links).hasSize(18);
                assertThat(links.stream().mapToDouble(Sample::value).sum())
                        .as(scenario + " " + direction)
                        .isCloseTo(all, within(all * 1e-9));
                assertThat(links).extracting(Sample::value).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void onlyAGraceSuperchipSendsChipToChip() throws Exception {
        DeviceReading grace = second("gb200", 0);
        for (String direction : List.of("transmit", "receive")) {
            assertThat(grace.value("gpu_c2c_" + direction + "_data_bytes_per_second")
                            .orElseThrow())
                    .isPositive()
                    .isLessThan(grace.value("gpu_c2c_" + direction + "_bytes_per_second")
                            .orElseThrow());
        }
        assertThat(second("b200", 0).samples())
                .noneMatch(sample -> sample.metric().name().endsWith("bytes_per_second")
                        && sample.metric().name().startsWith("gpu_c2c"));
    }

    private static Set<String> engines(DeviceReading reading, String metric) {
        return reading.samples().stream()
                .filter(sample -> sample.metric().name().equals(metric))
                .map(sample -> sample.labels().get(0))
                .collect(Collectors.toSet());
    }

    private static Set<String> engines(DeviceReading reading, MigPart part, String metric) {
        return reading.samples().stream()
                .filter(sample ->
                        sample.metric().name().equals(metric) && sample.mig().equals(Optional.of(part)))
                .map(sample -> sample.labels().get(0))
                .collect(Collectors.toSet());
    }

    private static double counted(DeviceReading reading, String direction) {
        return reading.samples().stream()
                .filter(sample -> sample.metric().name().equals("gpu_nvlink_" + direction + "_bytes_total"))
                .mapToDouble(Sample::value)
                .sum();
    }

    private static void near(DeviceReading reading, double expected, String metric, String... labels) {
        assertThat(reading.value(metric, labels).orElseThrow()).as(metric).isCloseTo(expected, within(expected * 0.02));
    }

    @ParameterizedTest
    @ValueSource(strings = {"t4", "a100", "l40s", "mig-a100"})
    void isNotThereBeforeHopper(String scenario) throws Exception {
        assertThat(profiled(second(scenario, 0))).isEmpty();
        assertThat(profiled(second(scenario, 1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"h100", "h200", "b200"})
    void isThereFromHopperOn(String scenario) throws Exception {
        assertThat(profiled(second(scenario, 1))).isEqualTo(families(false));
    }

    @Test
    void aGpuInMigModeHasThatOfItsParts() throws Exception {
        DeviceReading reading = second("mig-split", 0);
        assertThat(profiled(reading)).isEqualTo(families(true));
        List<MigPart> speakers = reading.mig().stream()
                .filter(part -> part.computeInstance() == 0)
                .toList();
        // 16 of 60 multiprocessors for 60 % of the time and 32 for 90 %; 16 of 32 for 30 %; none.
        assertThat(reading.value(speakers.get(0), "gpu_mig_graphics_engine_active_ratio")
                        .orElseThrow())
                .isCloseTo(0.64, within(0.01));
        assertThat(reading.value(speakers.get(1), "gpu_mig_tensor_pipe_active_ratio", "hmma")
                        .orElseThrow())
                .isCloseTo(0.15 * 0.4, within(0.002));
        assertThat(reading.value(speakers.get(2), "gpu_mig_dram_active_ratio")).hasValue(0);
        assertThat(reading.samples().stream().filter(sample -> sample.metric().group() == Group.PROFILING))
                .allMatch(sample -> sample.mig().orElseThrow().computeInstance() == 0);
    }

    @Test
    void carriesTheOneContainerThatHoldsThePart() throws Exception {
        DeviceReading reading = second("mig-h100", 0);
        MigPart held = reading.mig().get(2);
        Snapshot snapshot = new Snapshot(Instant.EPOCH, Duration.ZERO, Optional.empty(), List.of(reading));
        WorkloadIndex workloads = WorkloadIndex.of(
                Instant.EPOCH,
                List.of(new Allocation(TRAINING, "nvidia.com/mig-3g.40gb", DeviceId.parse(held.uuid()))),
                Optional.empty(),
                GpuResources.byForm());
        List<Series> series = new SeriesBuilder(AttributionMode.LABELS)
                .series(new Attribution(() -> snapshot, () -> workloads).current());
        assertThat(series)
                .filteredOn(one -> one.metric().name().equals("gpu_mig_sm_active_ratio"))
                .extracting(Series::labelNames, Series::labelValues)
                .contains(org.assertj.core.groups.Tuple.tuple(
                        List.of(
                                "gpu",
                                "uuid",
                                "mig_uuid",
                                "mig_profile",
                                "gpu_instance",
                                "compute_instance",
                                "namespace",
                                "pod",
                                "container"),
                        List.of("0", reading.uuid(), held.uuid(), "3g.40gb", "2", "0", "research", "train-0", "main")));
        assertThat(series)
                .filteredOn(one -> one.labelValues().contains("train-0"))
                .allMatch(one -> one.labelValues().contains(held.uuid()));
    }
}
