package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodDescriberTest {
    private final PodDescriber describer = new PodDescriber(new PodLabels(List.of("team")));

    private PodDescription describe(String pod) {
        return describer.describe(Serialization.unmarshal(pod, GenericKubernetesResource.class));
    }

    @Test
    void takesWhatIsInUseFromAPod() {
        PodDescription pod = describe("""
                apiVersion: v1
                kind: Pod
                metadata:
                  namespace: prod
                  name: llm-7d4b9c8f6d-x2x4z
                  uid: 72e522f4-0b55-4fe4-9fde-eee190106199
                  labels: {team: search, pod-template-hash: 7d4b9c8f6d, other: thing}
                  ownerReferences:
                    - {apiVersion: v1, kind: Somebody, name: else, uid: u0}
                    - {apiVersion: apps/v1, kind: ReplicaSet, name: llm-7d4b9c8f6d, uid: u1, controller: true}
                spec:
                  nodeName: node-a
                status:
                  containerStatuses:
                    - {name: main, containerID: containerd://a1}
                    - {name: pulling, containerID: ""}
                    - {name: waiting}
                  initContainerStatuses:
                    - {name: setup, containerID: cri-o://b2}
                  ephemeralContainerStatuses:
                    - {name: debugger, containerID: docker://c3}
                """);

        assertThat(pod.namespace()).isEqualTo("prod");
        assertThat(pod.name()).isEqualTo("llm-7d4b9c8f6d-x2x4z");
        assertThat(pod.uid()).isEqualTo("72e522f4-0b55-4fe4-9fde-eee190106199");
        assertThat(pod.controller()).contains(new PodController("Deployment", "llm"));
        assertThat(pod.labels()).containsOnly(Map.entry("label_team", "search"));
        assertThat(pod.containers())
                .containsOnly(Map.entry("a1", "main"), Map.entry("b2", "setup"), Map.entry("c3", "debugger"));
    }

    @Test
    void makesDoWithAPodOfWhichLittleIsKnown() {
        PodDescription pod = describe("""
                apiVersion: v1
                kind: Pod
                metadata: {namespace: prod, name: bare}
                status: {containerStatuses: nonsense, initContainerStatuses: [1, {name: 2, containerID: x}]}
                """);

        assertThat(pod.controller()).isEqualTo(Optional.empty());
        assertThat(pod.labels()).isEmpty();
        assertThat(pod.containers()).isEmpty();
    }
}
