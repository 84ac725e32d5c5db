package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.testing.Mutations;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.SteppedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A scenario with a slip in it is a node that can be simulated, or one line that says where the slip is. */
class MutatedScenariosTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static Path file;

    @BeforeContainer
    static void makeAFile() throws IOException {
        file = Files.createTempFile("scenario", ".conf");
    }

    @AfterContainer
    static void deleteTheFile() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 800, shrinking = ShrinkingMode.OFF)
    void areNodesOrOneLine(@ForAll("files") String good, @ForAll long seed) throws IOException {
        Files.writeString(file, Mutations.of(good, seed));
        long start = System.nanoTime();
        try {
            SteppedClock clock = new SteppedClock();
            new SimulatedNode(new ScenarioFile(GpuModels.names()).read(file), clock::nanos, SteppedClock.START);
        } catch (BadInputException e) {
            assertThat(e.getMessage().lines()).hasSize(1);
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(600).doesNotContain("\u2028", "\0");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
    }

    @Provide
    Arbitrary<String> files() throws IOException {
        try (Stream<Path> files = Files.list(Project.directory().resolve("src/test/resources/scenarios"))) {
            List<String> texts = files.sorted().map(MutatedScenariosTest::text).toList();
            return Arbitraries.of(texts);
        }
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
