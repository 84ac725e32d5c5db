package dev.gpuexporter.deploy;

import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The types that Grafana publishes for its dashboards, and TypeScript's compiler to hold JSON against them: it refuses
 * what a type does not have, too.
 */
final class GrafanaTypes {
    private static final Path WRITTEN = Project.target().resolve("grafana");
    private static final Path UNITS = Project.directory()
            .resolve("src/test/grafana/node_modules/@grafana/data/dist/esm/valueFormats/categories.mjs");
    private static final Pattern UNIT = Pattern.compile("\\bid: \"([^\"]+)\"");

    private GrafanaTypes() {}

    /** What the compiler objects to in each of these dashboards, by its name; all are compiled at once. */
    static Map<String, List<String>> complaints(Map<String, String> dashboards) throws IOException {
        String compiler = Tool.GRAFANA_TYPES.require().toString();
        Files.createDirectories(WRITTEN);
        for (Path old : written()) {
            Files.delete(old);
        }
        Files.writeString(WRITTEN.resolve("unit.ts"), units());
        for (Map.Entry<String, String> dashboard : dashboards.entrySet()) {
            Files.writeString(
                    WRITTEN.resolve(dashboard.getKey() + ".ts"),
                    "import type { Dashboard } from '../../src/test/grafana/dashboard';\n"
                            + "export const dashboard: Dashboard = " + dashboard.getValue() + ";\n");
        }
        List<String> said = said(compiler).lines().toList();
        return dashboards.keySet().stream().collect(Collectors.toMap(name -> name, name -> said.stream()
                .filter(line -> line.startsWith("target/grafana/" + name + ".ts("))
                .toList()));
    }

    private static List<Path> written() throws IOException {
        try (var files = Files.list(WRITTEN)) {
            return files.toList();
        }
    }

    /** What the compiler says of all of them; it ends with an error where it objects to one. */
    private static String said(String compiler) {
        try {
            return Command.run(compiler, "--project", "src/test/grafana");
        } catch (AssertionError objections) {
            return objections.getMessage();
        }
    }

    /** Grafana's types take any text for a unit; which ones it can write is in its table of formats alone. */
    private static String units() throws IOException {
        return UNIT.matcher(Files.readString(UNITS))
                .results()
                .map(unit -> "'" + unit.group(1).replace("'", "\\'") + "'")
                .collect(Collectors.joining(" | ", "export type Unit = ", ";\n"));
    }
}
