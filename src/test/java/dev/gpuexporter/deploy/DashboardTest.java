package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
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

    /** On a laptop of 1440 by 900, below the browser's and Grafana's own bars; a unit is 38 pixels high. */
    private static final int FIRST_SCREEN = 19;

    private static final Pattern SELECTOR = Pattern.compile("\\{([^}]*)}");
    private static final Pattern LINK = Pattern.compile("/d/([\\w-]+)/([\\w-]+)(\\?.*)?");
    private static final Pattern VARIABLE_IN_A_LINK = Pattern.compile("[?&](?:var-(\\w+)=|\\$\\{(\\w+):queryparam})");

    @Test
    void isThereForEachQuestion() {
        assertThat(Dashboard.all().map(Dashboard::file))
                .containsExactlyInAnyOrder(
                        "gpu-fleet.json", "gpu-node.json", "gpu-workloads.json", "gpu-health.json", "gpu-mig.json");
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
        assertThat(declared).contains("datasource", "cluster", "node", "gpu", "namespace");
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

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void asksWithEachVariableThatItOffers(Dashboard dashboard) {
        String expressions = String.join(" ", dashboard.expressions());
        assertThat(dashboard.variables().map(variable -> variable.path("name").asText()))
                .filteredOn(name -> !name.equals("datasource"))
                .allMatch(name -> expressions.contains("\"$" + name + "\""));
    }

    /** A plain scrape has no such label; a matcher that takes the empty string leaves its series in. */
    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void narrowsEachSeriesToTheClusterAndNeedsNone(Dashboard dashboard) {
        assertThat(dashboard.expressions()).allSatisfy(expression -> assertThat(
                        SELECTOR.matcher(expression).results().map(selector -> selector.group(1)))
                .isNotEmpty()
                .allMatch(matchers ->
                        matchers.contains("cluster=~\"$cluster\"") && matchers.contains("instance=~\"$node\"")));
        assertThat(dashboard.variables())
                .filteredOn(variable -> variable.path("name").asText().equals("cluster"))
                .singleElement()
                .satisfies(variable ->
                        assertThat(variable.path("allValue").asText()).isEqualTo(".*"));
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void tellsTheTargetsOfAPanelApart(Dashboard dashboard) {
        assertThat(dashboard.panels()).allSatisfy(panel -> assertThat(Dashboard.elements(panel.path("targets"))
                        .map(target -> target.path("refId").asText()))
                .doesNotHaveDuplicates()
                .doesNotContain(""));
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void isFoundByItsTags(Dashboard dashboard) {
        assertThat(Dashboard.elements(dashboard.json().path("tags")).map(JsonNode::asText))
                .containsExactly("gpu", "gpu-exporter");
        assertThat(dashboard.json().path("uid").asText())
                .isEqualTo(dashboard.file().replace("gpu-", "gpu-exporter-").replace(".json", ""));
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void leadsToTheOthersWithVariablesThatTheyHave(Dashboard dashboard) {
        Map<String, Dashboard> byUid = Dashboard.all()
                .collect(Collectors.toMap(each -> each.json().path("uid").asText(), each -> each));
        Set<String> ledTo = new HashSet<>();
        for (JsonNode url : dashboard.json().findValues("url")) {
            Matcher link = LINK.matcher(url.asText());
            assertThat(link.matches()).as(url.asText()).isTrue();
            assertThat(byUid).containsKey(link.group(1));
            Dashboard target = byUid.get(link.group(1));
            assertThat(link.group(2) + ".json").isEqualTo(target.file());
            Set<String> declared = target.variables()
                    .map(variable -> variable.path("name").asText())
                    .collect(Collectors.toSet());
            assertThat(VARIABLE_IN_A_LINK
                            .matcher(url.asText())
                            .results()
                            .map(variable -> variable.group(1) == null ? variable.group(2) : variable.group(1)))
                    .as(url.asText())
                    .isSubsetOf(declared);
            ledTo.add(link.group(1));
        }
        ledTo.add(dashboard.json().path("uid").asText());
        assertThat(ledTo).isEqualTo(byUid.keySet());
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void showsWhatMattersFirstWithoutScrolling(Dashboard dashboard) {
        int first = dashboard.panels().stream()
                .filter(panel -> panel.path("type").asText().equals("row"))
                .mapToInt(row -> row.at("/gridPos/y").asInt())
                .min()
                .orElseThrow();
        assertThat(first).isBetween(FIRST_SCREEN - 1, FIRST_SCREEN);
    }
}
