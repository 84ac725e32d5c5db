package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The image's runtime holds only some of the JDK's modules; these are the packaged jars that run on it. */
class ImageModulesIT {

    /** Named by classes that nothing here loads: AWT handles, bean mapping, data sources, flight recording. */
    private static final Set<String> NOT_USED = Set.of("java.compiler", "java.desktop", "java.sql", "jdk.jfr");

    @Test
    void areAllThatTheJarsUse() throws IOException {
        assertThat(used()).isNotEmpty().allSatisfy(module -> assertThat(shipped())
                .contains(module));
    }

    private static Set<String> used() throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("--ignore-missing-deps", "--multi-release", "17", "--recursive", "--print-module-deps"));
        // On the class path, as they run: as modules some ask for others that are left out.
        try (Stream<Path> libraries = Files.list(Path.of("target/lib"))) {
            arguments.addAll(List.of(
                    "--class-path", libraries.map(Path::toString).collect(Collectors.joining(File.pathSeparator))));
        }
        arguments.add("target/gpu-exporter.jar");
        StringWriter output = new StringWriter();
        StringWriter errors = new StringWriter();
        int exitCode = ToolProvider.findFirst("jdeps")
                .orElseThrow(() -> new AssertionError("no jdeps: run the tests on a JDK"))
                .run(new PrintWriter(output), new PrintWriter(errors), arguments.toArray(String[]::new));
        assertThat(exitCode).as(errors.toString()).isZero();
        return output.toString()
                .lines()
                .filter(line -> !line.startsWith("Warning"))
                .flatMap(line -> Stream.of(line.strip().split(",")))
                .filter(module -> !NOT_USED.contains(module))
                .collect(Collectors.toSet());
    }

    /** What {@code jlink} is told to add, and what that needs in turn. */
    private static Set<String> shipped() throws IOException {
        Matcher added =
                Pattern.compile("--add-modules ([\\w.,]+)").matcher(Files.readString(Path.of("src/image/assemble")));
        assertThat(added.find()).isTrue();
        return Configuration.empty()
                .resolve(
                        ModuleFinder.ofSystem(),
                        ModuleFinder.of(),
                        Set.of(added.group(1).split(",")))
                .modules()
                .stream()
                .map(ResolvedModule::name)
                .collect(Collectors.toSet());
    }
}
