package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bench/ is compiled by its own script alone; here it is told when what it measures has changed its shape. */
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
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.list(Project.directory().resolve("bench"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
