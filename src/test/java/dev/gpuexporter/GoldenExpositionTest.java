package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Tool;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole of what people scrape. */
class GoldenExpositionTest {
    private static final int LINT = 3;

    @ParameterizedTest
    @MethodSource({"dev.gpuexporter.SimulatedScenarios#all", "dev.gpuexporter.SimulatedScenarios#dcgm"})
    void isLineByLineWhatIsOnFile(String scenario) {
        Golden.compare(scenario, SimulatedScenarios.exposition(scenario));
    }

    /** Of a full node the families that tell of its pods alone, and two that carry them. */
    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#full")
    void tellsOfThePodsLineByLineWhatIsOnFile(String scenario) {
        Golden.compare(scenario, Golden.ofPods(SimulatedScenarios.exposition(scenario)));
    }

    @ParameterizedTest
    @MethodSource({"dev.gpuexporter.SimulatedScenarios#all", "dev.gpuexporter.SimulatedScenarios#full"})
    void givesPromtoolNothingToSay(String scenario) {
        byte[] exposition = SimulatedScenarios.exposition(scenario).getBytes(StandardCharsets.UTF_8);
        String promtool = Tool.PROMTOOL.require().toString();
        assertThat(Command.fed(exposition, promtool, "check", "metrics")).isEmpty();
    }

    /** promtool reads it, and dislikes DCGM's taste in names, which it says by this exit code. */
    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#dcgm")
    void givesPromtoolNothingToSayOfDcgmsNamesButThatTheyAreDcgms(String scenario) {
        byte[] exposition = SimulatedScenarios.exposition(scenario).getBytes(StandardCharsets.UTF_8);
        String promtool = Tool.PROMTOOL.require().toString();
        assertThat(Command.fed(exposition, LINT, promtool, "check", "metrics").lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line)
                        .startsWith("DCGM_FI_")
                        .containsAnyOf(
                                "label names should be written in 'snake_case'",
                                "counter metrics should have \"_total\" suffix",
                                "metric name should not include type 'counter'"));
    }
}
