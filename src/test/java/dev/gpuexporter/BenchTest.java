package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bench/ and src/image/ are compiled by their scripts alone; here they are told when the exporter has changed. */
class BenchTest {
    @TempDir
    private Path classes;

    @Test
    void compilesAgainstTheExporterAsItIs() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler).as("a JDK runs the tests").isNotNull();
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            assertThat(compiler.getTask(
                                    messages,
                                    files,
                                    null,
                                    List.of("-d", classes.toString(), "--release", "17"),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources()))
                            .call())
                    .as(messages.toString())
                    .isTrue();
        }
        assertThat(classes.resolve("bench/Bench.class")).isRegularFile();
        assertThat(classes.resolve("Training.class")).isRegularFile();
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String directory : List.of("bench", "src/image")) {
            try (Stream<Path> files = Files.list(Project.directory().resolve(directory))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }
}
