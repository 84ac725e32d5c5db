package dev.gpuexporter.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A Grafana dashboard of this project. */
record Dashboard(String file, JsonNode json) {

    static Stream<Dashboard> all() {
        try (Stream<Path> files = Files.list(Path.of("dashboards"))) {
            return files.filter(file -> file.toString().endsWith(".json")).map(Dashboard::read).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Dashboard read(Path file) {
        try {
            return new Dashboard(file.getFileName().toString(), new ObjectMapper().readTree(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /** Panels and rows, those inside collapsed rows included. */
    List<JsonNode> panels() {
        return elements(json.path("panels"))
                .flatMap(panel -> Stream.concat(Stream.of(panel), elements(panel.path("panels"))))
                .toList();
    }

    /** The panels of each row by its title; those above the first row come under the empty title. */
    Map<String, List<JsonNode>> rows() {
        Map<String, List<JsonNode>> rows = new LinkedHashMap<>();
        String row = "";
        for (JsonNode panel : panels()) {
            if (panel.path("type").asText().equals("row")) {
                row = panel.path("title").asText();
            } else {
                rows.computeIfAbsent(row, title -> new ArrayList<>()).add(panel);
            }
        }
        return rows;
    }

    List<String> expressions() {
        return panels().stream()
                .flatMap(panel -> elements(panel.path("targets")))
                .map(target -> target.path("expr").asText())
                .toList();
    }

    /** What panels and variables ask for and {@code known} does not have. */
    Set<String> metricsOutside(Set<String> known) {
        Set<String> names = new TreeSet<>();
        expressions().forEach(expression -> names.addAll(PromQl.metricNames(expression)));
        variables()
                .map(variable -> variable.at("/query/query").asText())
                .filter(query -> query.startsWith("label_values("))
                .forEach(query -> names.addAll(
                        PromQl.metricNames(query.substring("label_values(".length(), query.lastIndexOf(',')))));
        names.removeAll(known);
        return names;
    }

    Stream<JsonNode> variables() {
        return elements(json.at("/templating/list"));
    }

    @Override
    public String toString() {
        return file;
    }

    static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
