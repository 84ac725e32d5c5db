package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class GoldenTest {
    @Test
    void isWrittenOnlyByAPersonWhoAsksForIt() {
        assertThat(Golden.mayWrite(Optional.empty(), false)).isFalse();
        assertThat(Golden.mayWrite(Optional.of("false"), true)).isFalse();
        assertThat(Golden.mayWrite(Optional.of("true"), false)).isTrue();
        assertThatThrownBy(() -> Golden.mayWrite(Optional.of("true"), true))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not written in CI");
    }

    @Test
    void leavesOutOnlyWhatTheProcessSaysOfItself() {
        assertThat(Golden.comparable("""
                        # HELP gpu_up Whether.
                        gpu_up{gpu="0"} 1.0
                        # HELP jvm_threads Threads.
                        # TYPE jvm_threads gauge
                        jvm_threads 7.0
                        gpu_exporter_build_info{java_version="17",version="1"} 1.0
                        gpu_exporter_polls_total 12.0
                        """)).isEqualTo("""
                        # HELP gpu_up Whether.
                        gpu_up{gpu="0"} 1.0
                        gpu_exporter_build_info{…} 1.0
                        gpu_exporter_polls_total …
                        """);
    }
}
