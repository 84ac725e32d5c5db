package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** {@code docs/dependencies.md} and the bill of materials name what is shipped, all of it and nothing else. */
class DependenciesIT {
    private static final Pattern ROW =
            Pattern.compile("^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|$", Pattern.MULTILINE);

    /** Each may be shipped with what is under the Apache License 2.0. */
    private static final Set<String> LICENCES = Set.of("Apache-2.0", "MIT", "BSD-3-Clause");

    private record Shipped(String name, String version, Set<String> licences) {}

    @Test
    void theDocumentNamesWhatIsShipped() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        for (MatchResult row : ROW.matcher(Files.readString(Project.directory().resolve("docs/dependencies.md")))
                .results()
                .toList()) {
            assertThat(documented.put(row.group(1), row.group(2) + " | " + row.group(3)))
                    .as("%s is there once", row.group(1))
                    .isNull();
            assertThat(row.group(4)).as("why there is %s", row.group(1)).isNotBlank();
        }
        Map<String, String> shipped = new TreeMap<>();
        shipped()
                .forEach(library ->
                        shipped.put(library.name, library.version + " | " + String.join(", ", library.licences)));
        assertThat(documented).as("rows of docs/dependencies.md").isEqualTo(shipped);
    }

    @Test
    void theBillOfMaterialsNamesTheJarsBesideTheJar() throws IOException {
        try (Stream<Path> jars = Files.list(Project.target().resolve("lib"))) {
            List<String> names = jars.map(jar -> jar.getFileName().toString()).toList();
            assertThat(names)
                    .containsExactlyInAnyOrderElementsOf(shipped().stream()
                            .map(library -> library.name + "-" + library.version + ".jar")
                            .toList());
        }
    }

    @Test
    void everyLicenceGoesWithOurs() throws IOException {
        assertThat(shipped())
                .allSatisfy(
                        library -> assertThat(library.licences).as(library.name).containsAnyElementsOf(LICENCES));
    }

    private static List<Shipped> shipped() throws IOException {
        JsonNode components = new ObjectMapper()
                .readTree(Project.target().resolve("gpu-exporter.cdx.json").toFile())
                .path("components");
        assertThat(components).isNotEmpty();
        return elements(components)
                .map(component -> new Shipped(
                        component.path("name").asText(),
                        component.path("version").asText(),
                        elements(component.path("licenses"))
                                .map(licence -> licence.at("/license/id")
                                        .asText(licence.path("expression").asText()))
                                .collect(Collectors.toCollection(TreeSet::new))))
                .toList();
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
