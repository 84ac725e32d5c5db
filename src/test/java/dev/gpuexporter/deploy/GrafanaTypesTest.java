package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The dashboards are what Grafana's published types say, and the check of that refuses what they do not say. */
@Timeout(120)
class GrafanaTypesTest {
    /** A fault each: what is written in a dashboard, and what somebody wrote there by mistake. */
    private static final Map<String, List<String>> FAULTS = Map.of(
            "misspelt-option", List.of("\"graphMode\"", "\"graphMod\""),
            "misspelt-field-option", List.of("\"lineWidth\"", "\"linewidth\""),
            "misspelt-override", List.of("\"id\" : \"custom.width\"", "\"id\" : \"custom.widht\""),
            "number-as-text", List.of("\"decimals\" : 0", "\"decimals\" : \"0\""),
            "unknown-choice", List.of("\"colorMode\" : \"value\"", "\"colorMode\" : \"loud\""),
            "unknown-unit", List.of("\"unit\" : \"watt\"", "\"unit\" : \"watts\""),
            "unknown-variable", List.of("\"type\" : \"datasource\"", "\"type\" : \"data-source\""),
            "unknown-panel", List.of("\"type\" : \"bargauge\"", "\"type\" : \"bar-gauge\""),
            "unknown-transformation", List.of("\"id\" : \"organize\"", "\"id\" : \"organise\""),
            "unknown-key", List.of("\"schemaVersion\"", "\"schema\""));

    private static Map<String, List<String>> complaints;

    @BeforeAll
    static void compile() throws IOException {
        Map<String, String> dashboards = new HashMap<>();
        Dashboard.all().forEach(each -> dashboards.put(each.file(), each.json().toPrettyString()));
        String fleet = dashboards.get("gpu-fleet.json");
        FAULTS.forEach((name, fault) -> {
            assertThat(fleet).as(name).contains(fault.get(0));
            dashboards.put(name, fleet.replace(fault.get(0), fault.get(1)));
        });
        complaints = GrafanaTypes.complaints(dashboards);
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.deploy.Dashboard#all")
    void findNothingAgainstADashboard(Dashboard dashboard) {
        assertThat(complaints.get(dashboard.file())).isEmpty();
    }

    @Test
    void findEachFault() {
        assertThat(FAULTS.keySet()).allSatisfy(fault -> assertThat(complaints.get(fault))
                .as(fault)
                .isNotEmpty()
                .allMatch(complaint -> complaint.contains(": error TS2"))); // of types; TS1… would be of syntax
    }
}
