package dev.gpuexporter.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.GpuMetric.Subject;
import dev.gpuexporter.metrics.GpuMetric.Type;
import dev.gpuexporter.nvml.Field;
import dev.gpuexporter.nvml.NvmlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every metric, however it came into the catalogue. */
class MetricCatalogTest {
    /** Multiples, shares of a hundred, and units that Prometheus does not count in. */
    private static final Set<String> NO_BASE_UNIT = Set.of(
            "percent",
            "milliseconds",
            "microseconds",
            "nanoseconds",
            "ms",
            "minutes",
            "hours",
            "kilobytes",
            "megabytes",
            "gigabytes",
            "kb",
            "mb",
            "mib",
            "gib",
            "milliwatts",
            "kilowatts",
            "millijoules",
            "megahertz",
            "mhz",
            "fahrenheit",
            "bits");

    private static final Set<String> UNITS = Set.of("bytes", "ratio", "celsius", "watts", "joules", "hertz", "seconds");

    static Stream<GpuMetric> metrics() {
        return MetricCatalog.all().stream();
    }

    static Stream<GpuMetric> readings() {
        return metrics().filter(metric -> metric.reading().isPresent());
    }

    @Test
    void namesEachMetricOnce() {
        assertThat(metrics()).extracting(GpuMetric::name).doesNotHaveDuplicates();
    }

    @Test
    void explainsEachMetricInItsOwnWords() {
        assertThat(metrics()).extracting(GpuMetric::help).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void namesFollowPrometheus(GpuMetric metric) {
        assertThat(metric.name()).matches("gpu(_[a-z0-9]+)+");
        assertThat(metric.name().endsWith("_total")).isEqualTo(metric.type() == Type.COUNTER);
        assertThat(metric.name()).doesNotMatch(".*_(count|sum|bucket|created)");
        assertThat(words(metric.name())).doesNotContainAnyElementsOf(NO_BASE_UNIT);
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void aUnitStandsAtTheEnd(GpuMetric metric) {
        if (metric.name().endsWith("_bytes_per_second")) {
            assertThat(metric.unit()).isEqualTo("bytes per second");
            return;
        }
        List<String> words = words(metric.name());
        int end = words.size() - (metric.type() == Type.COUNTER ? 2 : 1);
        assertThat(words.subList(0, end)).doesNotContainAnyElementsOf(UNITS);
        assertThat(metric.unit())
                .as("unit of %s, by the end of its name", metric.name())
                .isEqualTo(UNITS.contains(words.get(end)) ? words.get(end) : "");
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void helpIsASentenceOnOneLine(GpuMetric metric) {
        assertThat(metric.help()).matches("[A-Z][^\\n\\r|]+\\.").doesNotContain("  ");
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void labelsAreValidAndNoneIsThereTwice(GpuMetric metric) {
        assertThat(metric.labels())
                .doesNotHaveDuplicates()
                .allMatch(label -> label.matches("[a-z][a-z0-9_]*"))
                .doesNotContain("le", "quantile", "job", "instance");
        assertThat(metric.labels()).noneMatch(label -> metric.subject().labels().contains(label));
        if (metric.owner()) {
            assertThat(metric.labels()).doesNotContain("namespace", "pod", "container");
        }
    }

    /** Elsewhere they would stand beside a target's own, or change when a pod goes. */
    @Test
    void onlyWhatIsSaidOfWorkloadsNamesPodsByItself() {
        assertThat(metrics()
                        .filter(metric -> !metric.name().matches("gpu_(mig_)?workload_.*"))
                        .flatMap(metric -> metric.labels().stream()))
                .doesNotContain("namespace", "pod", "container");
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void onlyGaugesOfAGpuHaveAnOwner(GpuMetric metric) {
        if (metric.owner()) {
            assertThat(metric.type()).isEqualTo(Type.GAUGE);
            assertThat(metric.subject()).isNotEqualTo(Subject.NODE);
            assertThat(metric.group().isOptional()).isTrue();
        }
    }

    /** Written out, since each is a promise to whoever sums by pod. */
    @Test
    void ownersStandOnWhatFollowsTheLoad() {
        assertThat(metrics().filter(GpuMetric::owner).map(GpuMetric::name))
                .as("metrics with an owner: name a new one here, if it is a gauge that follows the load")
                .containsExactlyInAnyOrder(
                        "gpu_utilization_ratio",
                        "gpu_utilization_peak_ratio",
                        "gpu_memory_controller_utilization_ratio",
                        "gpu_encoder_utilization_ratio",
                        "gpu_decoder_utilization_ratio",
                        "gpu_jpeg_utilization_ratio",
                        "gpu_ofa_utilization_ratio",
                        "gpu_memory_used_bytes",
                        "gpu_temperature_celsius",
                        "gpu_power_draw_watts",
                        "gpu_power_draw_instant_watts",
                        "gpu_power_draw_peak_watts",
                        "gpu_clock_hertz",
                        "gpu_graphics_engine_active_ratio",
                        "gpu_sm_active_ratio",
                        "gpu_sm_occupancy_ratio",
                        "gpu_tensor_active_ratio",
                        "gpu_tensor_pipe_active_ratio",
                        "gpu_fp64_active_ratio",
                        "gpu_fp32_active_ratio",
                        "gpu_fp16_active_ratio",
                        "gpu_integer_active_ratio",
                        "gpu_dram_active_ratio",
                        "gpu_pcie_transmit_bytes_per_second",
                        "gpu_pcie_receive_bytes_per_second",
                        "gpu_nvlink_transmit_bytes_per_second",
                        "gpu_nvlink_receive_bytes_per_second",
                        "gpu_decoder_active_ratio",
                        "gpu_jpeg_active_ratio",
                        "gpu_ofa_active_ratio",
                        "gpu_nvlink_link_transmit_bytes_per_second",
                        "gpu_nvlink_link_receive_bytes_per_second",
                        "gpu_c2c_transmit_bytes_per_second",
                        "gpu_c2c_receive_bytes_per_second",
                        "gpu_c2c_transmit_data_bytes_per_second",
                        "gpu_c2c_receive_data_bytes_per_second",
                        "gpu_mig_decoder_active_ratio",
                        "gpu_mig_jpeg_active_ratio",
                        "gpu_mig_ofa_active_ratio",
                        "gpu_mig_memory_used_bytes",
                        "gpu_mig_graphics_engine_active_ratio",
                        "gpu_mig_sm_active_ratio",
                        "gpu_mig_sm_occupancy_ratio",
                        "gpu_mig_tensor_active_ratio",
                        "gpu_mig_tensor_pipe_active_ratio",
                        "gpu_mig_fp64_active_ratio",
                        "gpu_mig_fp32_active_ratio",
                        "gpu_mig_fp16_active_ratio",
                        "gpu_mig_integer_active_ratio",
                        "gpu_mig_dram_active_ratio",
                        "gpu_pcie_throughput_transmit_bytes_per_second",
                        "gpu_pcie_throughput_receive_bytes_per_second");
    }

    @ParameterizedTest
    @MethodSource("readings")
    void aReadingSaysWhereItComesFrom(GpuMetric metric) {
        assertThat(metric.source()).matches(".*\\b(nvml[A-Z]\\w+|NVML_FI_\\w+).*");
        assertThat(metric.fields() == FieldsOfDevice.NONE)
                .as("%s has no fields(…): from(…) names NVML_FI_… where it has some, and only there", metric.name())
                .isEqualTo(!metric.source().contains("NVML_FI_"));
    }

    @ParameterizedTest
    @MethodSource("metrics")
    void whatIsNoReadingSaysWhereItComesFromToo(GpuMetric metric) {
        assertThat(metric.source()).isNotBlank().doesNotContain("|");
    }

    @Test
    void noFieldIsReadForTwoMetrics() throws NvmlException {
        List<Field> fields = new ArrayList<>();
        for (GpuMetric metric : MetricCatalog.all()) {
            fields.addAll(metric.fields().of(SimulatedDevice.of("b200")));
        }
        assertThat(fields).contains(new Field(202, 17)).doesNotHaveDuplicates();
    }

    @Test
    void whatCanBeSwitchedOffIsInTheConfiguration() {
        Set<String> groups = new TreeSet<>();
        readings().map(GpuMetric::group).filter(Group::isOptional).forEach(group -> groups.add(group.key()));
        assertThat(groups)
                .containsExactly(
                        "clocks",
                        "ecc",
                        "engines",
                        "fans",
                        "health",
                        "link-details",
                        "memory",
                        "nvlink",
                        "pcie",
                        "pcie-throughput",
                        "power",
                        "processes",
                        "profiling",
                        "temperature",
                        "utilization",
                        "vgpu");
    }

    private static List<String> words(String name) {
        return List.of(name.split("_"));
    }
}
