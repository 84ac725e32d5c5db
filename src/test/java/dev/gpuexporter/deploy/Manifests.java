package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What {@code kubectl kustomize} makes of a directory of this project. */
record Manifests(List<JsonNode> objects) {

    static Manifests rendered(String directory) {
        requireKubectl();
        try {
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", directory)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String yaml = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(kubectl.waitFor())
                    .as("exit code of kubectl kustomize " + directory)
                    .isZero();
            YAMLMapper mapper = new YAMLMapper();
            try (var documents = mapper.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
                return new Manifests(documents.readAll());
            }
        } catch (IOException e) {
            throw new IllegalStateException("kubectl kustomize " + directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("kubectl kustomize " + directory, e);
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

    /** Skips without kubectl; on CI, where every tool has to be there, it fails. */
    private static void requireKubectl() {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "kubectl")));
        if (found) {
            return;
        }
        String missing = "kubectl is not on the PATH: the manifests cannot be rendered";
        if (System.getenv("CI") != null) {
            fail(missing);
        }
        abort(missing);
    }
}
