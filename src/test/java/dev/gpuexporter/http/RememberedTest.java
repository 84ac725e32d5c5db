package dev.gpuexporter.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private long nanos;
    private final Remembered<Integer> two = new Remembered<>(Duration.ofMinutes(1), 2, () -> nanos);

    private boolean knows(String secret) {
        return two.find(secret).isPresent();
    }

    @Test
    void keepsAsManyAsItMayAndLosesTheOneThatWasLongestNotAskedFor() {
        two.put("a", 1);
        two.put("b", 2);
        assertThat(two.find("a")).contains(new Remembered.Found<>(1, Duration.ZERO));
        two.put("c", 3);
        assertThat(knows("a")).isTrue();
        assertThat(knows("b")).isFalse();
        assertThat(two.find("c")).contains(new Remembered.Found<>(3, Duration.ZERO));
    }

    @Test
    void forgetsWhenItsTimeIsUp() {
        two.put("a", 1);
        nanos = Duration.ofMinutes(1).toNanos() - 1;
        assertThat(two.find("a")).contains(new Remembered.Found<>(1, Duration.ofNanos(nanos)));
        nanos++;
        assertThat(knows("a")).isFalse();
    }

    @Test
    void forgetsWhatItIsTold() {
        two.put("a", 1);
        two.forget("a");
        assertThat(knows("a")).isFalse();
    }
}
