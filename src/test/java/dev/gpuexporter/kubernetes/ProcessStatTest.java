package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessStatTest {
    @ParameterizedTest
    @ValueSource(strings = {"python3", "", "a b", ") R 1 2 3 (", "((", "))", "tmux: server", "x\ny"})
    void findsTheStartBehindAnyName(String command) {
        assertThat(ProcessStat.parse(FakeHost.stat(4711, command, 123_456)))
                .contains(new ProcessStat(command, Duration.ofMillis(1_234_560)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1 (a) S 1 2 3",
                ") 1 (",
                "1 (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 -5 20",
                "1 (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 99999999999999999999 20"
            })
    void readsNothingFromAnythingElse(String file) {
        assertThat(ProcessStat.parse(file)).isEmpty();
    }

    @Test
    void knowsBothProgramsOfMpsByTheNameThatTheKernelCuts() {
        assertThat(new ProcessStat("nvidia-cuda-mps-server".substring(0, 15), Duration.ZERO).servesMps())
                .isTrue();
        assertThat(new ProcessStat("nvidia-cuda-mps-control".substring(0, 15), Duration.ZERO).servesMps())
                .isTrue();
        assertThat(new ProcessStat("nvidia-smi", Duration.ZERO).servesMps()).isFalse();
    }
}
