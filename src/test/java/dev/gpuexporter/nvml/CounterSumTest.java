package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class CounterSumTest {
    private final CounterSum sum = new CounterSum();

    @Test
    void addsWhatEachHasCounted() {
        assertThat(sum.next(Map.of(0, 10.0, 1, 20.0))).hasValue(30);
        assertThat(sum.next(Map.of(0, 11.0, 1, 25.0))).hasValue(36);
    }

    @Test
    void goesOnWhenOneOfThemBeginsAnew() {
        sum.next(Map.of(0, 1000.0, 1, 20.0));
        assertThat(sum.next(Map.of(0, 3.0, 1, 20.0))).hasValue(1023);
    }

    @Test
    void waitsForOneThatDoesNotAnswer() {
        sum.next(Map.of(0, 1000.0, 1, 20.0));
        assertThat(sum.next(Map.of(1, 21.0))).hasValue(1021);
        assertThat(sum.next(Map.of(0, 1005.0, 1, 22.0))).hasValue(1027);
    }

    @Test
    void isNothingWhereNoneHasEverAnswered() {
        assertThat(sum.next(Map.of())).isEmpty();
    }
}
