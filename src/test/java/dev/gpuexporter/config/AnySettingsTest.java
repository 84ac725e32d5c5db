package dev.gpuexporter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.SettingsLoader.Flag;
import dev.gpuexporter.testing.Mutations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever people write, they get settings or one line that says why not. */
class AnySettingsTest {
    private static final List<String> KEYS = List.of(
            "listen",
            "poll",
            "poll.interval",
            "nvml.library",
            "metrics",
            "metrics.ecc",
            "metrics.ecg",
            "kubernetes",
            "kubernetes.attribution",
            "kubernetes.keep-for",
            "kubernetes.resources",
            "log.level",
            "\"log.level\"",
            "lgo",
            "\"\"");
    private static final List<String> VALUES = List.of(
            "5s",
            "5",
            "-1",
            "1e999",
            "on",
            "off",
            "null",
            "labels",
            "info",
            "[]",
            "[ a, {}, null ]",
            "{}",
            "{ a = b }",
            "\":9400\"",
            "\"\"",
            "\"\\u0000\"",
            "${listen}",
            "${?NONE}",
            "\"\"\"a\nb\"\"\"",
            "a b",
            "include \"x\"");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static Path file;
    private static String reference;

    @BeforeContainer
    static void makeAFile() throws IOException {
        file = Files.createTempFile("exporter", ".conf");
        try (InputStream conf = Settings.class.getResourceAsStream("/reference.conf")) {
            reference = new String(conf.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @AfterContainer
    static void deleteTheFile() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 500)
    void anyTextInTheFile(@ForAll String content) throws IOException {
        Files.writeString(file, content.replaceAll("\\p{Cs}", "?"));
        settingsOrOneLine(Optional.of(file), Map.of(), List.of());
    }

    @Property(tries = 500)
    void anyBytesInTheFile(@ForAll byte[] content) throws IOException {
        Files.write(file, content);
        settingsOrOneLine(Optional.of(file), Map.of(), List.of());
    }

    @Property(tries = 1000)
    void anyMixOfWhatMakesUpAFile(@ForAll("almostHocon") String content) throws IOException {
        Files.writeString(file, content);
        settingsOrOneLine(Optional.of(file), Map.of(), List.of());
    }

    /** All keys are in it, each with the value that it has anyway. */
    @Property(tries = 300, shrinking = ShrinkingMode.OFF)
    void anySlipInAFileThatIsGood(@ForAll long seed) throws IOException {
        Files.writeString(file, Mutations.of(reference, seed));
        settingsOrOneLine(Optional.of(file), Map.of(), List.of());
    }

    @Property(tries = 1000)
    void anyValueOfAnyVariableAndFlag(@ForAll("variables") Map<String, String> variables, @ForAll String flag) {
        settingsOrOneLine(Optional.empty(), variables, List.of());
        settingsOrOneLine(Optional.empty(), Map.of(), List.of(new Flag("--listen", "listen", flag)));
    }

    @Provide
    Arbitrary<String> almostHocon() {
        Arbitrary<String> setting = Combinators.combine(
                        Arbitraries.of(KEYS),
                        Arbitraries.of(" = ", ": ", " { ", " += ", " ", "."),
                        Arbitraries.of(VALUES))
                .as((key, sign, value) -> key + sign + value);
        Arbitrary<String> rest = Arbitraries.of("}", "{", "]", "#", "\"", ",", "");
        return Combinators.combine(setting, rest)
                .as((line, end) -> line + end)
                .list()
                .ofMaxSize(4)
                .map(lines -> String.join("\n", lines));
    }

    @Provide
    Arbitrary<Map<String, String>> variables() {
        Arbitrary<String> names =
                Arbitraries.of(KEYS).map(SettingsLoader::variable).map(name -> name.replace("\"", ""));
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.of(VALUES),
                Arbitraries.strings(),
                Arbitraries.strings().numeric().ofMaxLength(30));
        return Arbitraries.maps(names, values).ofMaxSize(3).map(HashMap::new);
    }

    private static void settingsOrOneLine(Optional<Path> file, Map<String, String> variables, List<Flag> flags) {
        long start = System.nanoTime();
        try {
            assertThat(new SettingsLoader().load(file, variables, flags).settings())
                    .isNotNull();
        } catch (BadInputException e) {
            assertThat(e.getMessage().lines()).hasSize(1);
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(400).doesNotContain("\u2028", "\u0000");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
    }
}
