package dev.gpuexporter.deploy;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is installed only where somebody asks for it. */
class OverlaysTest {
    private static Manifests base;

    @BeforeAll
    static void render() {
        base = Manifests.rendered("deploy");
    }

    @Test
    void theInstallThatEverybodyHasMayAskTheApiServerNothing() {
        assertThat(kinds(base)).noneMatch(kind -> kind.contains("Role"));
        assertThat(pod(base).path("automountServiceAccountToken").asBoolean(true))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "pod-metadata, '', pods, GPU_EXPORTER_KUBERNETES_POD_METADATA",
        "dra, resource.k8s.io, resourceslices, GPU_EXPORTER_KUBERNETES_RESOURCE_SLICES"
    })
    void whatAsksTheApiServerMayAskForOneThing(String overlay, String group, String objects, String variable) {
        Manifests manifests = rendered(overlay);
        assertThat(manifests.one("ClusterRole").path("rules")).singleElement().satisfies(rule -> {
            assertThat(texts(rule.path("apiGroups"))).containsExactly(group);
            assertThat(texts(rule.path("resources"))).containsExactly(objects);
            assertThat(texts(rule.path("verbs"))).containsExactlyInAnyOrder("list", "watch");
        });
        JsonNode binding = manifests.one("ClusterRoleBinding");
        assertThat(binding.at("/roleRef/name"))
                .isEqualTo(manifests.one("ClusterRole").at("/metadata/name"));
        assertThat(binding.path("subjects")).singleElement().satisfies(subject -> {
            JsonNode account = manifests.one("ServiceAccount").path("metadata");
            assertThat(subject.path("name")).isEqualTo(account.path("name"));
            assertThat(subject.path("namespace")).isEqualTo(account.path("namespace"));
        });
        assertThat(pod(manifests).path("automountServiceAccountToken").asBoolean())
                .isTrue();
        Map<String, JsonNode> environment = environment(manifests);
        assertThat(environment
                        .get("NODE_NAME")
                        .at("/valueFrom/fieldRef/fieldPath")
                        .asText())
                .isEqualTo("spec.nodeName");
        Map<String, JsonNode> added = new HashMap<>(environment);
        added.keySet().removeAll(environment(base).keySet());
        assertThat(added).containsOnlyKeys(variable);
        assertThat(added.get(variable).path("value").asText()).isEqualTo("on");
    }

    /** Neither a node without the operator nor the operator's own pods are to find a directory of our making. */
    @Test
    void whatTheOperatorValidatesIsReadAndNeverMade() {
        Manifests manifests = rendered("gpu-operator");
        assertThat(pod(manifests).path("volumes"))
                .filteredOn(volume -> volume.path("name").asText().equals("validations"))
                .singleElement()
                .satisfies(volume -> {
                    assertThat(volume.at("/hostPath/path").asText()).isEqualTo("/run/nvidia/validations");
                    assertThat(volume.at("/hostPath/type").asText()).isEqualTo("Directory");
                });
        assertThat(container(manifests).path("volumeMounts"))
                .filteredOn(mount -> mount.path("name").asText().equals("validations"))
                .singleElement()
                .satisfies(mount -> {
                    assertThat(mount.path("mountPath").asText()).isEqualTo("/run/nvidia/validations");
                    assertThat(mount.path("readOnly").asBoolean()).isTrue();
                });
        assertThat(pod(base).path("volumes").toString()).doesNotContain("validations");
        assertThat(kinds(manifests)).isEqualTo(kinds(base));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pod-metadata", "dra", "gpu-operator"})
    void anOverlayIsTheInstallThatEverybodyHasAndSomething(String overlay) {
        Manifests manifests = rendered(overlay);
        assertThat(kinds(manifests)).containsAll(kinds(base));
        assertThat(container(manifests).path("image")).isEqualTo(container(base).path("image"));
        assertThat(container(manifests).path("securityContext"))
                .isEqualTo(container(base).path("securityContext"));
        assertThat(environment(manifests)).containsAllEntriesOf(environment(base));
        assertThat(container(manifests).path("volumeMounts"))
                .containsAll(container(base).path("volumeMounts"));
    }

    private static Manifests rendered(String overlay) {
        return Manifests.rendered("deploy/overlays/" + overlay);
    }

    private static JsonNode pod(Manifests manifests) {
        return manifests.one("DaemonSet").at("/spec/template/spec");
    }

    private static JsonNode container(Manifests manifests) {
        return pod(manifests).at("/containers/0");
    }

    private static Map<String, JsonNode> environment(Manifests manifests) {
        return StreamSupport.stream(container(manifests).path("env").spliterator(), false)
                .collect(toMap(variable -> variable.path("name").asText(), variable -> variable));
    }

    private static List<String> kinds(Manifests manifests) {
        return manifests.objects().stream()
                .map(object -> object.path("kind").asText())
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
