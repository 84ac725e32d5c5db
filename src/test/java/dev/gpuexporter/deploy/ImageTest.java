package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What can be said of the image without building it. */
class ImageTest {

    /** One mistyped option, and no container starts. */
    @Test
    void runsTheJvmWithOptionsThatItKnows() throws Exception {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@jvm.options", "-version")
                .redirectErrorStream(true)
                .start();
        String output = new String(java.getInputStream().readAllBytes());
        assertThat(java.waitFor()).as(output).isZero();
        assertThat(output).doesNotContainIgnoringCase("warning");
    }

    /** The rest is for the JVM itself, its threads' stacks and the driver's library. */
    @Test
    void capsTheJvmWellUnderTheContainersMemoryLimit() throws IOException {
        int megabytes = Pattern.compile("^-X(?:mx|X:[A-Za-z]+Size=)(\\d+)m$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("jvm.options")))
                .results()
                .mapToInt(cap -> Integer.parseInt(cap.group(1)))
                .sum();
        assertThat(megabytes).isBetween(100, 256 - 64);
        assertThat(Files.readString(Path.of("deploy/base/daemonset.yaml"))).contains("memory: 256Mi");
    }

    @Test
    void exposesThePortOfTheManifests() throws IOException {
        assertThat(Files.readAllLines(Path.of("Dockerfile"))).contains("EXPOSE 9400");
    }

    @Test
    void isBuiltFromFilesThatReachTheBuilder() throws IOException {
        List<String> allowed = Files.readAllLines(Path.of(".dockerignore"));
        List<String> copied = Pattern.compile("^COPY ([^-].*) \\S+$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("Dockerfile")))
                .results()
                .map(MatchResult::group)
                .flatMap(copy -> List.of(copy.split(" ")).subList(1, copy.split(" ").length - 1).stream())
                .filter(source -> !source.equals("."))
                .toList();
        assertThat(copied)
                .isNotEmpty()
                .allSatisfy(source -> assertThat(allowed).contains("!" + source))
                .allSatisfy(source -> assertThat(Path.of(source)).exists());
    }

    /** Charts and operators name them by these paths. */
    @Test
    void shipsTheListsOfCountersWhereDcgmsExporterHasThem() throws IOException {
        assertThat(Files.readAllLines(Path.of("Dockerfile")))
                .contains("COPY --from=jar /src/src/main/resources/dcgm-exporter /etc/dcgm-exporter");
        assertThat(Files.readAllLines(Path.of(".dockerignore"))).contains("!src/main");
        try (Stream<Path> lists = Files.list(Path.of("src/main/resources/dcgm-exporter"))) {
            assertThat(lists.map(list -> list.getFileName().toString()))
                    .containsExactlyInAnyOrder("default-counters.csv", "dcp-metrics-included.csv");
        }
    }
}
