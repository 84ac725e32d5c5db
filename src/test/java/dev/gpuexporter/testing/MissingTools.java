package dev.gpuexporter.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What did not run for want of a tool: a file for each tool, a line in it for each test. Unit and integration tests run
 * in processes of their own and both add to it; each build begins by deleting the directory.
 */
public final class MissingTools {
    private final Path directory;

    MissingTools(Path directory) {
        this.directory = directory;
    }

    static MissingTools ofThisBuild() {
        return new MissingTools(Project.target().resolve("missing-tools"));
    }

    /** The build's last word. */
    public static void main(String[] args) throws IOException {
        new MissingTools(Path.of(args[0])).report().forEach(System.out::println);
    }

    /** That tests ran at all: without that, nothing can be said of the tools. */
    void testsRan() throws IOException {
        Files.createDirectories(directory);
    }

    void add(Tool tool, Collection<String> tests) throws IOException {
        testsRan();
        Files.write(file(tool), tests, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    List<String> report() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of("no test ran, so no tool was asked for");
        }
        List<String> lines = new ArrayList<>();
        for (Tool tool : Tool.values()) {
            if (Files.exists(file(tool))) {
                int tests = Files.readAllLines(file(tool)).size();
                lines.add(tests + (tests == 1 ? " test" : " tests") + " did not run: " + tool.missing());
            }
        }
        return lines.isEmpty() ? List.of("every tool was there") : lines;
    }

    private Path file(Tool tool) {
        return directory.resolve(tool.name().toLowerCase(Locale.ROOT));
    }
}
