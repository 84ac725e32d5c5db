package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromQlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpu_up",
                "sum(gpu_up)",
                "max by (gpu, uuid) (gpu_up{instance=~\"$node\", gpu=~\"a}|b\"})",
                "sum without (pod) (rate(gpu_up[$__rate_interval]))",
                "sum(gpu_up) by (gpu)",
                "max_over_time(gpu_up[5m:30s] offset 1h) > bool 1e3",
                "time() - gpu_up"
            })
    void findsTheOneMetricOf(String expression) {
        assertThat(PromQl.metricNames(expression)).containsExactly("gpu_up");
    }

    @Test
    void findsBothSidesOfAJoin() {
        assertThat(
                        PromQl.metricNames(
                                "gpu_info{gpu=\"0\"} * on (instance, uuid) group_left () max by (uuid) (gpu_up) unless gpu_fan"))
                .containsExactly("gpu_fan", "gpu_info", "gpu_up");
    }
}
