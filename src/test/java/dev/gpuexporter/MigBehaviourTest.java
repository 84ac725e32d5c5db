package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.GpuMetric.Subject;
import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/metrics.md says of a GPU in MIG mode is what the simulated driver, made from NVIDIA's own words, does. */
class MigBehaviourTest {
    private static final Set<Group> ABOUT_OWNERS = Set.of(Group.WORKLOADS, Group.EVENTS);

    /** Whether it has been busy, and whether its bytes can be told, is the GPU's load and link, not its mode. */
    private static final Set<String> BY_LOAD = Set.of("gpu_last_active_timestamp_seconds");

    @ParameterizedTest
    @CsvSource({"a100, mig-a100, 1", "h100, mig-h100, 0", "h200, mig-h200, 0"})
    void aGpuInMigModeLosesWhatTheCatalogueSaysAndNothingElse(String whole, String cut, String gpu) {
        Set<String> before = families(whole, "0");
        Set<String> after = families(cut, gpu);
        assertThat(before).contains("gpu_utilization_ratio", "gpu_power_draw_watts");
        List<GpuMetric> known = MetricCatalog.all().stream()
                .filter(metric -> metric.subject() == Subject.GPU && before.contains(metric.name()))
                .filter(metric -> !ABOUT_OWNERS.contains(metric.group()) && !BY_LOAD.contains(metric.name()))
                .toList();
        assertThat(known).allSatisfy(metric -> assertThat(after.contains(metric.name()))
                .as(metric.name())
                .isEqualTo(!metric.absentWithMig()));
    }

    private static Set<String> families(String scenario, String gpu) {
        return SimulatedScenarios.scrape(scenario).samples().stream()
                .filter(sample -> gpu.equals(sample.labels().get("gpu")))
                .map(Scrape.Sample::name)
                .collect(Collectors.toSet());
    }
}
