package dev.gpuexporter;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Over all scenarios: no row of the catalogue that nobody has seen, and no family that adds up to nonsense. */
class WholeCatalogueTest {
    /**
     * Those need two polls, or somebody who asks for them: ProfilingExpositionTest, PcieReadingTest, NvLinkReadingTest
     * and PeersTest have them all.
     */
    private static final Set<Group> SEEN_ELSEWHERE =
            Set.of(Group.PROFILING, Group.PCIE_THROUGHPUT, Group.ENGINES, Group.LINK_DETAILS, Group.P2P);

    /** The same: WorkloadUsesTest. */
    private static final Set<String> NEED_TWO_POLLS =
            Set.of("gpu_workload_sm_utilization_ratio", "gpu_mig_workload_last_active_timestamp_seconds");

    /** Others than the driver and the kubelet know them: ClusterExpositionTest. */
    private static final Set<String> OF_THE_CLUSTER =
            Set.of("gpu_stack_component_ready", "gpu_exporter_kubernetes_api_up");

    /** Those need TLS and users: TlsTest, WebReloadTest and PasswordsTest. */
    private static final Set<String> OF_THE_WEB_CONFIGURATION = Set.of(
            "gpu_exporter_http_authentication_failures_total",
            "gpu_exporter_web_config_reloads_total",
            "gpu_exporter_certificate_expiry_timestamp_seconds");

    private static final List<String> TOTALS = List.of("total", "all", "sum", "any");

    private static List<GpuMetric> rows() {
        return MetricCatalog.all().stream()
                .filter(metric -> !SEEN_ELSEWHERE.contains(metric.group())
                        && !NEED_TWO_POLLS.contains(metric.name())
                        && !OF_THE_CLUSTER.contains(metric.name())
                        && !OF_THE_WEB_CONFIGURATION.contains(metric.name()))
                .toList();
    }

    private static Set<String> families(String scenario) {
        return SimulatedScenarios.scrape(scenario).samples().stream()
                .map(Scrape.Sample::name)
                .collect(toSet());
    }

    @Test
    void everyRowIsSeenInAScenario() {
        Set<String> seen = SimulatedScenarios.all()
                .map(WholeCatalogueTest::families)
                .flatMap(Set::stream)
                .collect(toSet());
        assertThat(rows())
                .extracting(GpuMetric::name)
                .filteredOn(name -> !seen.contains(name))
                .as("rows that no scenario shows: have the simulated driver answer what they read, or add a file to"
                        + " src/test/resources/scenarios in which it does")
                .isEmpty();
    }

    /** What needs a certain GPU, or a mode, is absent where that is not there: no 0 in its place. */
    @Test
    void everyRowThatNeedsSomethingIsAbsentInAScenario() {
        List<Set<String>> scenarios = Stream.concat(SimulatedScenarios.all(), SimulatedScenarios.full())
                .map(WholeCatalogueTest::families)
                .toList();
        assertThat(rows())
                .filteredOn(metric -> !metric.needs().isEmpty() || metric.absentWithMig())
                .isNotEmpty()
                .extracting(GpuMetric::name)
                .filteredOn(name -> scenarios.stream()
                        .noneMatch(families -> families.contains("gpu_info") && !families.contains(name)))
                .as("rows that need something and are there in every scenario: add one without it, or leave needs out")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#all")
    void noFamilyHasItsTotalAmongItsParts(String scenario) {
        assertThat(SimulatedScenarios.scrape(scenario).samples())
                .filteredOn(sample -> sample.name().startsWith("gpu_"))
                .allSatisfy(sample -> assertThat(sample.labels().values()).doesNotContainAnyElementsOf(TOTALS));
    }

    /** What sets the series of one GPU in a family apart is the same for all of them. */
    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#all")
    void noFamilyHasAGpuBesideItsParts(String scenario) {
        Scrape scrape = SimulatedScenarios.scrape(scenario);
        for (GpuMetric metric : rows()) {
            Set<Set<String>> apart = scrape.all(metric.name()).stream()
                    .map(sample -> own(sample.labels().keySet()))
                    .collect(toCollection(() -> new TreeSet<>(Comparator.comparing(Set::toString))));
            assertThat(apart).as(metric.name()).hasSizeLessThanOrEqualTo(1);
        }
    }

    private static Set<String> own(Set<String> labels) {
        Set<String> own = new TreeSet<>(labels);
        own.removeAll(Set.of("namespace", "pod", "container"));
        return own;
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#all")
    void aSumIsWhatTheNodeHas(String scenario) {
        Scrape scrape = SimulatedScenarios.scrape(scenario);
        List<Scenario.Gpu> gpus = RunningExporter.scenario(scenario).gpus();
        double up = sum(scrape, "gpu_up");
        assertThat(scrape.all("gpu_up")).hasSizeLessThanOrEqualTo(gpus.size());
        assertThat(up).isLessThanOrEqualTo(gpus.size());
        assertThat(scrape.all("gpu_memory_total_bytes")).hasSize((int) up);
        double total = sum(scrape, "gpu_memory_total_bytes");
        assertThat(Stream.of("gpu_memory_used_bytes", "gpu_memory_free_bytes", "gpu_memory_reserved_bytes")
                        .mapToDouble(name -> sum(scrape, name))
                        .sum())
                .isCloseTo(total, within(1.0));
        assertThat(sum(scrape, "gpu_mig_memory_used_bytes") + sum(scrape, "gpu_mig_memory_free_bytes"))
                .isCloseTo(sum(scrape, "gpu_mig_memory_total_bytes"), within(1.0))
                .isLessThanOrEqualTo(total);
        assertThat(sum(scrape, "gpu_mig_info"))
                .isEqualTo(scrape.all("gpu_mig_info").size());
        assertThat(sum(scrape, "gpu_power_draw_watts"))
                .isBetween(0.0, sum(scrape, "gpu_power_limit_watts", "limit", "enforced") * 1.05);
    }

    private static double sum(Scrape scrape, String name, String... labels) {
        return scrape.all(name, labels).stream()
                .mapToDouble(Scrape.Sample::value)
                .sum();
    }
}
