package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OneLineTest {
    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\t", "\u001b", "\u0085", "\u2028", "\u2029"})
    void whatEndsALineOrMovesTheCursorIsABlank(String control) {
        assertThat(OneLine.of("GPU-0" + control + "ERROR")).isEqualTo("GPU-0 ERROR");
    }

    @Test
    void isNotLong() {
        assertThat(OneLine.of("é".repeat(10_000))).isEqualTo("é".repeat(120));
    }
}
