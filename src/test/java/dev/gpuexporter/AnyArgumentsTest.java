package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Said;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;

/** Whatever is typed, the answer is what was asked for or one line; never a stack trace. */
class AnyArgumentsTest {
    @AfterProperty
    void logAsBefore() {
        LogConfigurator.reset();
    }

    /** The last argument cannot be meant, so that nothing is started. */
    @Property(tries = 200, shrinking = ShrinkingMode.OFF)
    void givesAnAnswerOrOneLine(@ForAll("arguments") List<String> arguments) {
        List<String> all = new ArrayList<>(arguments);
        all.add("--listen=nowhere");
        Said said = Said.by(() -> Main.run(all.toArray(String[]::new)));
        assertThat(said.exitCode()).isBetween(0, 2);
        if (said.exitCode() == 0) {
            assertThat(said.errors()).isEmpty();
        } else {
            assertThat(said.errorLines()).hasSize(1);
            assertThat(said.errors()).startsWith("gpu-exporter: ").doesNotContain("\0", "\u2028", "\u001b");
        }
    }

    @Provide
    Arbitrary<List<String>> arguments() {
        Arbitrary<String> known = Arbitraries.of(
                "serve",
                "print",
                "doctor",
                "healthy",
                "metrics",
                "help",
                "--help",
                "--version",
                "--config",
                "--simulate",
                "--listen",
                "--format",
                "--config=",
                "--simulate=h200x8",
                "--simulate=t4x99999999999",
                "--simulate=./\0",
                "--config=\0",
                "--config=/",
                "--config=.",
                "--simulate=/dev/null",
                "--format=json",
                "-h",
                "-V",
                "-",
                "--",
                "",
                " ",
                "=",
                "@/etc/passwd",
                "%s%n",
                "a\nb",
                "\u001b[31m",
                "\u2028");
        return Arbitraries.frequencyOf(Tuple.of(5, known), Tuple.of(1, Arbitraries.strings()))
                .list()
                .ofMaxSize(5);
    }
}
