package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Log;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodLabelsTest {
    @Test
    void showsWhatIsAllowedAndNothingElse() {
        PodLabels labels = new PodLabels(List.of("app.kubernetes.io/name", "team", "absent"));

        assertThat(labels.of(Map.of("app.kubernetes.io/name", "trainer", "team", "a", "secret", "b")))
                .containsOnly(Map.entry("label_app_kubernetes_io_name", "trainer"), Map.entry("label_team", "a"));
        assertThat(labels.names()).containsExactly("label_app_kubernetes_io_name", "label_team", "label_absent");
    }

    @Test
    void findsKeysByPatternsAndDoesNotNameThemInAdvance() {
        PodLabels labels = new PodLabels(List.of("tier", "/^app$/", "/team/"));
        assertThat(labels.of(Map.of("app", "a", "app2", "b", "my.team/x", "c", "tier", "d")))
                .containsOnly(
                        Map.entry("label_app", "a"), Map.entry("label_my_team_x", "c"), Map.entry("label_tier", "d"));
        assertThat(labels.names()).containsExactly("label_tier");
    }

    @Test
    void showsNothingByDefault() {
        assertThat(new PodLabels(List.of()).of(Map.of("team", "a"))).isEmpty();
    }

    @Test
    void showsTheFirstOfTwoLabelsWithOneNameAndSaysSoOnce() {
        try (Log log = Log.of(PodLabels.class)) {
            PodLabels labels = new PodLabels(List.of("a.b", "a-b", "a.b"));
            assertThat(labels.of(Map.of("a.b", "first", "a-b", "second")))
                    .containsOnly(Map.entry("label_a_b", "first"));
            assertThat(labels.of(Map.of("a-b", "second"))).isEmpty();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("a.b and a-b are both label_a_b; the first is shown");
        }
    }
}
