package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodControllerTest {
    private static PodController of(String kind, String name, String hash) {
        return PodController.of(kind, name, Optional.ofNullable(hash));
    }

    @Test
    void sayDeploymentForItsReplicaSet() {
        assertThat(of("ReplicaSet", "llm-server-7d4b9c8f6d", "7d4b9c8f6d"))
                .isEqualTo(new PodController("Deployment", "llm-server"));
    }

    @Test
    void leavesAReplicaSetThatNoDeploymentMade() {
        assertThat(of("ReplicaSet", "plain", null)).isEqualTo(new PodController("ReplicaSet", "plain"));
        assertThat(of("ReplicaSet", "plain", "7d4b9c8f6d")).isEqualTo(new PodController("ReplicaSet", "plain"));
        assertThat(of("ReplicaSet", "-7d4b9c8f6d", "7d4b9c8f6d"))
                .isEqualTo(new PodController("ReplicaSet", "-7d4b9c8f6d"));
    }

    @Test
    void saysCronJobForItsJob() {
        assertThat(of("Job", "nightly-eval-29376420", null)).isEqualTo(new PodController("CronJob", "nightly-eval"));
        assertThat(of("Job", "nightly-1608199260", null)).isEqualTo(new PodController("CronJob", "nightly"));
    }

    @Test
    void leavesAJobThatSomebodyNumbered() {
        assertThat(of("Job", "train-42", null)).isEqualTo(new PodController("Job", "train-42"));
        assertThat(of("Job", "train-20261122", null)).isEqualTo(new PodController("CronJob", "train"));
        assertThat(of("Job", "29376420", null)).isEqualTo(new PodController("Job", "29376420"));
    }

    @Test
    void leavesEveryOtherOwnerAsItIs() {
        assertThat(of("StatefulSet", "train-29376420", "x"))
                .isEqualTo(new PodController("StatefulSet", "train-29376420"));
        assertThat(of("Node", "node-a", null)).isEqualTo(new PodController("Node", "node-a"));
    }
}
