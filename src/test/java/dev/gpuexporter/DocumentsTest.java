package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.ConfigurationReference;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.MetricReference;
import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written for people says what the program does. */
class DocumentsTest {
    private static final Pattern METRIC = Pattern.compile("gpu_[a-z0-9_]+");

    private static final Set<String> CATALOGUE =
            MetricCatalog.all().stream().map(GpuMetric::name).collect(Collectors.toUnmodifiableSet());

    @Test
    void theReferenceOfMetricsIsTheCatalogue() {
        holds("docs/metrics.md", MetricReference.markdown(MetricCatalog.all()));
    }

    @Test
    void theReferenceOfTheConfigurationIsReferenceConf() {
        holds("docs/configuration.md", ConfigurationReference.markdown());
    }

    @Test
    void theReferenceOfDcgmIsItsTables() {
        holds("docs/dcgm-reference.md", DcgmReference.markdown());
    }

    private static void holds(String document, String expected) {
        Path file = Project.directory().resolve(document);
        try {
            if (Golden.mayWrite(
                    Optional.ofNullable(System.getProperty("golden.write")), "true".equals(System.getenv("CI")))) {
                Files.writeString(file, expected);
            }
            assertThat(file)
                    .as("%s; mvn test -Dtest=DocumentsTest -Dgolden.write=true writes it anew", document)
                    .hasContent(expected);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<Path> documents() throws IOException {
        Path project = Project.directory();
        Stream.Builder<Path> files = Stream.builder();
        files.add(Path.of("README.md"));
        for (String directory : List.of("dashboards", "servicemonitor", "deploy", "docs")) {
            try (Stream<Path> below = Files.walk(project.resolve(directory))) {
                below.filter(Files::isRegularFile)
                        .filter(file -> !file.toString().endsWith(".png"))
                        .map(project::relativize)
                        .sorted()
                        .forEach(files);
            }
        }
        return files.build();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namesOnlyMetricsThatThereAre(Path document) throws IOException {
        Set<String> named = METRIC.matcher(Files.readString(Project.directory().resolve(document)))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
        named.removeAll(CATALOGUE);
        named.removeAll(GpuMetric.Subject.GPU_INSTANCE.labels()); // one of them is called gpu_instance
        named.remove("gpu_idle"); // a reason of gpu_clock_event_active
        assertThat(named)
                .as("names in %s that the catalogue does not have", document)
                .isEmpty();
    }
}
