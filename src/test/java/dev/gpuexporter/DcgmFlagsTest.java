package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gpuexporter.config.DcgmSwitch.Given;
import java.util.List;
import org.junit.jupiter.api.Test;

class DcgmFlagsTest {
    private static List<Given> given(String... arguments) {
        return DcgmFlags.in(Arguments.of("gpu-exporter serve", new ServeCommand(), List.of(arguments)));
    }

    @Test
    void areTakenInEachFormThatAGoProgramTakes() {
        assertThat(given("-k", "-f", "a.csv", "--no-hostname=false", "-rbmn", "--devices=g:0,1", "-c", "1000"))
                .extracting(Given::name, Given::value)
                .containsExactlyInAnyOrder(
                        tuple("--kubernetes", "true"),
                        tuple("--collectors", "a.csv"),
                        tuple("--no-hostname", "false"),
                        tuple("--replace-blanks-in-model-name", "true"),
                        tuple("--devices", "g:0,1"),
                        tuple("--collect-interval", "1000"));
    }

    @Test
    void nothingIsGivenWithoutThem() {
        assertThat(given()).isEmpty();
    }
}
