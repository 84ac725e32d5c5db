package dev.gpuexporter.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Helm chart, packed as it is published: what it links to in this project then lies inside. */
record Chart(Path packed) {
    static final String DIRECTORY = "deploy/chart";

    static Chart pack() {
        Path target = Project.target().resolve("chart");
        Command.run(helm(), "package", DIRECTORY, "--destination", target.toString());
        return new Chart(
                target.resolve("gpu-exporter-" + description().path("version").asText() + ".tgz"));
    }

    /** Chart.yaml. */
    static JsonNode description() {
        return file("Chart.yaml");
    }

    /** A YAML file of the chart. */
    static JsonNode file(String name) {
        try {
            return new YAMLMapper()
                    .readTree(
                            Project.directory().resolve(DIRECTORY).resolve(name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** What an install with these flags would create. */
    Manifests rendered(List<String> flags) {
        List<String> command = new ArrayList<>(
                List.of(helm(), "template", "gpu-exporter", packed.toString(), "--namespace", "gpu-exporter"));
        command.addAll(flags);
        return Manifests.read(Command.run(command));
    }

    Manifests rendered(String... flags) {
        return rendered(List.of(flags));
    }

    static String helm() {
        return Tool.HELM.require().toString();
    }
}
