package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** What {@code kubectl kustomize} makes of a directory of this project. */
record Manifests(List<JsonNode> objects) {

    static Manifests rendered(String directory) {
        String yaml = Command.run(Tool.KUBECTL.require().toString(), "kustomize", directory);
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return new Manifests(documents.readAll());
        } catch (IOException e) {
            throw new UncheckedIOException(directory, e);
        }
    }

    /** The only object of that kind. */
    JsonNode one(String kind) {
        List<JsonNode> found = objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
        assertThat(found).as("objects of kind " + kind).hasSize(1);
        return found.get(0);
    }
}
