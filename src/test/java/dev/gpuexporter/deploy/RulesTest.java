package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpuexporter.Scrape;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is written in the rules, and what those that record make of a node. */
class RulesTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Pattern SECTION = Pattern.compile("(?m)^## (\\w+)$");
    private static final Pattern LEVEL_METRIC_OPERATION =
            Pattern.compile("(cluster|node|model|namespace):gpu_[a-z_]+:(sum|avg|count)");

    private final RuleFile rules = RuleFile.read();

    @Test
    void arePassedByPromtool() {
        assertThat(PromTool.check(rules.written())).contains("SUCCESS").doesNotContain("FAILED");
    }

    @Test
    void readOnlyMetricsOfTheCatalogue() {
        Set<String> known =
                MetricCatalog.all().stream().map(GpuMetric::name).collect(Collectors.toCollection(TreeSet::new));
        known.add("up");
        assertThat(rules.metricNames()).isSubsetOf(known);
    }

    @Test
    void sayWhatHappenedWhatToDoAndHowUrgentItIs() {
        assertThat(rules.alerts()).isNotEmpty().allSatisfy(alert -> {
            String name = alert.path("alert").asText();
            assertThat(alert.path("for").asText()).as(name).matches("\\d+[mh]");
            assertThat(alert.at("/labels/severity").asText()).as(name).isIn("critical", "warning", "info");
            assertThat(alert.at("/annotations/summary").asText()).as(name).endsWith(".");
            assertThat(alert.at("/annotations/description").asText())
                    .as(name)
                    .contains(". ")
                    .endsWith(".");
            assertThat(alert.at("/annotations/runbook_url").asText())
                    .isEqualTo("docs/runbook.md#" + name.toLowerCase(Locale.ROOT));
        });
        assertThat(rules.alertNames()).doesNotHaveDuplicates();
    }

    @Test
    void haveASectionOfTheRunbookForEachAlert() throws IOException {
        String runbook = Files.readString(Project.directory().resolve("docs/runbook.md"));
        assertThat(SECTION.matcher(runbook).results().map(section -> section.group(1)))
                .containsExactlyElementsOf(rules.alertNames());
    }

    @Test
    void areNamedByLevelMetricAndOperation() {
        assertThat(rules.recordNames()).isNotEmpty().doesNotHaveDuplicates().allMatch(name -> LEVEL_METRIC_OPERATION
                .matcher(name)
                .matches());
    }

    @Test
    void recordWhatTheSeriesOfANodeAddUpTo() {
        Recording node = Recording.of("mixed-node", MINUTE, Duration.ofMinutes(3), 3, rules.metricNames());
        Scrape last = node.last();
        Duration end = Duration.ofMinutes(3);
        PromTool promtool = new PromTool(node);
        for (JsonNode rule : rules.rules().filter(rule -> rule.has("record")).toList()) {
            String name = rule.path("record").asText();
            promtool.expect("group(" + name + ")", end, Map.of("{}", 1.0));
        }
        promtool.expect("cluster:gpu_up:count", end, Map.of("cluster:gpu_up:count", 4.0));
        promtool.expect("node:gpu_up:sum", end, Map.of("node:gpu_up:sum{node=\"node-1\"}", 4.0));
        promtool.expect(
                "model:gpu_info:count",
                end,
                Map.of(
                        "model:gpu_info:count{model=\"NVIDIA A100-SXM4-40GB\"}", 3.0,
                        "model:gpu_info:count{model=\"Tesla T4\"}", 1.0));
        promtool.expect(
                "namespace:gpu_workload_info:count",
                end,
                Map.of(
                        "namespace:gpu_workload_info:count{namespace=\"research\"}", 3.0,
                        "namespace:gpu_workload_info:count{namespace=\"prod\"}", 1.0,
                        "namespace:gpu_workload_info:count{namespace=\"dev\"}", 2.0));
        promtool.expect(
                "cluster:gpu_resource_allocatable:sum{resource=\"nvidia.com/gpu.shared\"}",
                end,
                Map.of("cluster:gpu_resource_allocatable:sum{resource=\"nvidia.com/gpu.shared\"}", 4.0));
        for (String metric : List.of("gpu_power_draw_watts", "gpu_memory_used_bytes")) {
            double sum =
                    last.all(metric).stream().mapToDouble(Scrape.Sample::value).sum();
            promtool.expect("round(cluster:" + metric + ":sum)", end, Map.of("{}", (double) Math.round(sum)));
        }
        promtool.run("recorded");
    }
}
