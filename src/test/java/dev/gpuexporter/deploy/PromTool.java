package dev.gpuexporter.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks the rules, over a recording of a node, and has promtool say where they answer otherwise. */
final class PromTool {
    private final Recording recording;
    private final List<Map<String, Object>> questions = new ArrayList<>();

    PromTool(Recording recording) {
        this.recording = recording;
    }

    static String check(Path rules) {
        return Command.run(Tool.PROMTOOL.require().toString(), "check", "rules", rules.toString());
    }

    /** By the labels of each, what the expression's samples are at that time. */
    PromTool expect(String expression, Duration at, Map<String, Double> samples) {
        questions.add(Map.of(
                "expr",
                expression,
                "eval_time",
                at.toSeconds() + "s",
                "exp_samples",
                samples.entrySet().stream()
                        .map(sample -> Map.of("labels", sample.getKey(), "value", sample.getValue()))
                        .toList()));
        return this;
    }

    /** What somebody is told when these fire: promtool prints it where nothing was expected. */
    String texts(String name, Map<String, Duration> alerts) {
        List<Map<String, Object>> nothing = alerts.entrySet().stream()
                .map(alert -> Map.<String, Object>of(
                        "alertname",
                        alert.getKey(),
                        "eval_time",
                        alert.getValue().toSeconds() + "s"))
                .toList();
        try {
            run(name, "alert_rule_test", nothing);
        } catch (AssertionError said) {
            return said.getMessage();
        }
        throw new AssertionError("none of " + alerts.keySet() + " fires");
    }

    /** Fails with promtool's words where an answer is another one. */
    void run(String name) {
        run(name, "promql_expr_test", questions);
    }

    private void run(String name, String kind, List<Map<String, Object>> asked) {
        Map<String, Object> test = Map.of(
                "name",
                name,
                "interval",
                recording.step().toSeconds() + "s",
                "input_series",
                recording.values().entrySet().stream()
                        .map(series -> Map.of("series", series.getKey(), "values", series.getValue()))
                        .toList(),
                kind,
                asked);
        Map<String, Object> file = Map.of(
                "rule_files",
                List.of(RuleFile.read().written().toString()),
                "evaluation_interval",
                "1m",
                "tests",
                List.of(test));
        try {
            Path written = Project.target().resolve("rules").resolve(name + ".test.yaml");
            Files.writeString(written, new ObjectMapper().writeValueAsString(file));
            Command.run(Tool.PROMTOOL.require().toString(), "test", "rules", written.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
