package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Objects of a cluster, as {@code kubectl kustomize} or {@code helm template} makes them. */
record Manifests(List<JsonNode> objects) {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** What {@code kubectl kustomize} makes of a directory of this project. */
    static Manifests rendered(String directory) {
        return read(Command.run(Tool.KUBECTL.require().toString(), "kustomize", directory));
    }

    /** What it makes of an overlay that somebody writes: these directories of this project, on top of that one. */
    static Manifests rendered(String resource, String... components) {
        Path overlay = Project.target()
                .resolve("overlays")
                .resolve((resource + "+" + String.join("+", components)).replace('/', '-'));
        Path project = overlay.relativize(Project.directory());
        try {
            Files.createDirectories(overlay);
            Files.writeString(
                    overlay.resolve("kustomization.yaml"),
                    YAML.writeValueAsString(Map.of(
                            "resources",
                            List.of(project.resolve(resource).toString()),
                            "components",
                            List.of(components).stream()
                                    .map(component -> project.resolve(component).toString())
                                    .toList())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rendered(overlay.toString());
    }

    static Manifests read(String yaml) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return new Manifests(documents.readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(yaml, e);
        }
    }

    /** The only object of that kind. */
    JsonNode one(String kind) {
        List<JsonNode> found = ofKind(kind::equals).objects();
        assertThat(found).as("objects of kind " + kind).hasSize(1);
        return found.get(0);
    }

    Manifests ofKind(Predicate<String> wanted) {
        return new Manifests(objects.stream()
                .filter(object -> wanted.test(object.path("kind").asText()))
                .toList());
    }
}
