package dev.gpuexporter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DidYouMeanTest {
    private static final List<String> WORDS = List.of("listen", "log", "metrics", "kubernetes");

    @ParameterizedTest
    @CsvSource({
        "listen, listen, 0",
        "lisen, listen, 1",
        "lsiten, listen, 1",
        "listens, listen, 1",
        "log, dog, 1",
        "'', log, 3",
        "metrics, listen, 7",
    })
    void countsEdits(String from, String to, int edits) {
        assertThat(DidYouMean.edits(from, to)).isEqualTo(edits);
        assertThat(DidYouMean.edits(to, from)).isEqualTo(edits);
    }

    @Test
    void suggestsTheNearestWordWhateverItsCase() {
        assertThat(DidYouMean.among(WORDS, "kubernets")).isEqualTo("did you mean \"kubernetes\"?");
        assertThat(DidYouMean.among(WORDS, "LISTEN")).isEqualTo("did you mean \"listen\"?");
        assertThat(DidYouMean.among(WORDS, "lgo")).isEqualTo("did you mean \"log\"?");
    }

    @Test
    void listsAllWordsWhereNoneIsNear() {
        assertThat(DidYouMean.among(WORDS, "colour")).isEqualTo("there are listen, log, metrics, kubernetes");
        assertThat(DidYouMean.among(WORDS, "")).isEqualTo("there are listen, log, metrics, kubernetes");
        assertThat(DidYouMean.nearest(WORDS, "lisxxn")).as("two of six").contains("listen");
        assertThat(DidYouMean.nearest(WORDS, "lisxxx")).as("three of six").isEmpty();
        assertThat(DidYouMean.nearest(WORDS, "x".repeat(100_000))).isEmpty();
    }

    @Test
    void prefersTheFirstInTheAlphabetWhereTwoAreAsNear() {
        assertThat(DidYouMean.nearest(List.of("cat", "bat"), "rat")).contains("bat");
    }
}
