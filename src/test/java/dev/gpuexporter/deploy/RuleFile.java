package dev.gpuexporter.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The rules of this project, and what they read. */
record RuleFile(JsonNode spec) {
    private static final Path FILE = Path.of("servicemonitor/prometheusrule.yaml");

    static RuleFile read() {
        try {
            return new RuleFile(new YAMLMapper()
                    .readTree(Files.readString(Project.directory().resolve(FILE)))
                    .path("spec"));
        } catch (IOException e) {
            throw new UncheckedIOException(FILE.toString(), e);
        }
    }

    Stream<JsonNode> rules() {
        return Dashboard.elements(spec.path("groups")).flatMap(group -> Dashboard.elements(group.path("rules")));
    }

    Stream<JsonNode> alerts() {
        return rules().filter(rule -> rule.has("alert"));
    }

    List<String> alertNames() {
        return alerts().map(alert -> alert.path("alert").asText()).toList();
    }

    List<String> recordNames() {
        return rules().filter(rule -> rule.has("record"))
                .map(rule -> rule.path("record").asText())
                .toList();
    }

    /** Of other metrics than the rules make themselves. */
    Set<String> metricNames() {
        Set<String> names = rules().flatMap(
                        rule -> PromQl.metricNames(rule.path("expr").asText()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        recordNames().forEach(names::remove);
        return names;
    }

    /** As Prometheus itself reads them; JSON is YAML. */
    Path written() {
        try {
            Path file =
                    Files.createDirectories(Project.target().resolve("rules")).resolve("rules.yaml");
            Path fresh = Files.createTempFile(file.getParent(), "rules", null);
            Files.writeString(fresh, new ObjectMapper().writeValueAsString(spec));
            return Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
