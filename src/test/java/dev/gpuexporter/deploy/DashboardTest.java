package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DashboardTest {
    private static final Set<String> TYPES_WITHOUT_A_UNIT = Set.of("row", "text", "table");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-zA-Z_]\\w*)");
    /** A constant that stands in for data hides that there is none. */
    private static final Pattern CONSTANT_FALLBACK = Pattern.compile("\\bor\\b[^\"]*(vector|scalar)\\s*\\(|absent");

    private static final Set<String> METRICS =
            MetricCatalog.all().stream().map(GpuMetric::name).collect(Collectors.toUnmodifiableSet());

    @Test
    void isFound() {
        assertThat(Dashboard.all()).isNotEmpty();
    }

    @Test
    void hasAUidOfItsOwn() {
        List<String> uids = Dashboard.all()
                .map(dashboard -> dashboard.json().path("uid").asText())
                .toList();
        assertThat(uids).doesNotHaveDuplicates().doesNotContain("");
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void readsOnlyMetricsOfTheCatalogue(Dashboard dashboard) {
        assertThat(dashboard.metricsOutside(METRICS)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void hidesNoMissingDataBehindAConstant(Dashboard dashboard) {
        assertThat(dashboard.expressions())
                .isNotEmpty()
                .noneMatch(expression -> CONSTANT_FALLBACK.matcher(expression).find());
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void isInTheCurrentSchema(Dashboard dashboard) {
        assertThat(dashboard.json().path("schemaVersion").asInt()).isGreaterThanOrEqualTo(41);
        assertThat(dashboard.json().path("title").asText()).isNotEmpty();
        assertThat(dashboard.json().has("id"))
                .as("an id belongs to one Grafana")
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void numbersItsPanels(Dashboard dashboard) {
        assertThat(dashboard.panels().stream().map(panel -> panel.path("id").asInt()))
                .doesNotHaveDuplicates()
                .allMatch(id -> id > 0);
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void saysTheUnitOfEachValue(Dashboard dashboard) {
        assertThat(dashboard.panels().stream()
                        .filter(panel -> !TYPES_WITHOUT_A_UNIT.contains(
                                panel.path("type").asText()))
                        .filter(panel ->
                                panel.at("/fieldConfig/defaults/unit").asText().isEmpty())
                        .map(panel -> panel.path("title").asText()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void explainsEachPanel(Dashboard dashboard) {
        assertThat(dashboard.panels().stream()
                        .filter(panel -> !panel.path("type").asText().equals("row"))
                        .filter(panel -> panel.path("title").asText().isEmpty()
                                || panel.path("description").asText().isEmpty())
                        .map(panel -> panel.path("id").asInt()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void asksTheDataSourceThatTheUserChose(Dashboard dashboard) {
        assertThat(dashboard.panels().stream()
                        .flatMap(panel -> Stream.concat(Stream.of(panel), Dashboard.elements(panel.path("targets"))))
                        .filter(node -> !node.path("type").asText().equals("row"))
                        .map(node -> node.at("/datasource/uid").asText()))
                .containsOnly("${datasource}");
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void usesOnlyVariablesThatItDeclares(Dashboard dashboard) {
        Set<String> declared = dashboard
                .variables()
                .map(variable -> variable.path("name").asText())
                .collect(Collectors.toSet());
        assertThat(declared).contains("datasource", "node", "gpu", "namespace");
        assertThat(VARIABLE.matcher(dashboard.json().toString())
                        .results()
                        .map(MatchResult::group)
                        .map(variable -> variable.replaceAll("[${]", ""))
                        .filter(variable -> !variable.startsWith("__")))
                .isSubsetOf(declared);
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void laysItsPanelsSideBySide(Dashboard dashboard) {
        Set<String> taken = new HashSet<>();
        for (JsonNode panel : dashboard.panels()) {
            JsonNode at = panel.path("gridPos");
            int right = at.path("x").asInt() + at.path("w").asInt();
            assertThat(right).as(panel.path("title").asText()).isLessThanOrEqualTo(24);
            for (int x = at.path("x").asInt(); x < right; x++) {
                for (int y = at.path("y").asInt();
                        y < at.path("y").asInt() + at.path("h").asInt();
                        y++) {
                    assertThat(taken.add(x + "," + y))
                            .as(panel.path("title").asText() + " overlaps another at " + x + "," + y)
                            .isTrue();
                }
            }
        }
    }
}
