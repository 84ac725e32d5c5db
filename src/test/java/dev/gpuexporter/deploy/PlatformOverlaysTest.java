package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is different on one kind of cluster, and nothing beside that. */
class PlatformOverlaysTest {
    private static final List<String> ASKING_THE_API_SERVER = List.of("pod-metadata", "dra", "kubernetes-auth");

    private static Manifests base;

    @BeforeAll
    static void render() {
        base = Manifests.rendered("deploy");
    }

    static Stream<String> overlays() throws IOException {
        try (Stream<Path> directories = Files.list(Project.directory().resolve("deploy/overlays"))) {
            return directories.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @CsvSource({"microk8s, /var/snap/microk8s/common/var/lib/kubelet", "k0s, /var/lib/k0s/kubelet"})
    void theKubeletsDirectoryIsWhereTheDistributionKeepsIt(String overlay, String root) {
        JsonNode pod = pod(rendered(overlay));
        assertThat(named(pod.path("volumes"), "pod-resources")
                        .at("/hostPath/path")
                        .asText())
                .isEqualTo(root + "/pod-resources");
        assertThat(pod.at("/containers")).isEqualTo(pod(base).at("/containers"));
    }

    @Test
    void microK8sHasItBesideItsOwnAddOn() {
        assertThat(rendered("microk8s").objects())
                .filteredOn(object -> !object.path("kind").asText().equals("Namespace"))
                .allSatisfy(object ->
                        assertThat(object.at("/metadata/namespace").asText()).isEqualTo("gpu-operator-resources"));
    }

    @Test
    void noRuntimeClassIsNamedWhereThereIsNone() {
        assertThat(pod(base).path("runtimeClassName").asText()).isEqualTo("nvidia");
        for (String overlay : List.of("default-runtime", "gke")) {
            assertThat(pod(rendered(overlay)).has("runtimeClassName"))
                    .as(overlay)
                    .isFalse();
        }
    }

    @Test
    void gkeFindsTheDriverWhereItsInstallerPutsIt() {
        Manifests gke = rendered("gke");
        JsonNode container = pod(gke).at("/containers/0");
        assertThat(named(pod(gke).path("volumes"), "driver")
                        .at("/hostPath/path")
                        .asText())
                .isEqualTo("/home/kubernetes/bin/nvidia");
        assertThat(named(container.path("volumeMounts"), "driver")
                        .path("mountPath")
                        .asText())
                .isEqualTo("/usr/local/nvidia");
        assertThat(container.at("/securityContext/privileged").asBoolean()).isTrue();
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(gke.one("ResourceQuota")
                        .at("/spec/scopeSelector/matchExpressions/0/values/0")
                        .asText())
                .isEqualTo(pod(gke).path("priorityClassName").asText());
    }

    @Test
    void openShiftAdmitsWhatTheDaemonSetAsksForAndNoMore() {
        Manifests openShift = rendered("openshift");
        JsonNode constraints = openShift.one("SecurityContextConstraints");
        JsonNode rights = pod(openShift).at("/containers/0/securityContext");
        assertThat(constraints.path("allowPrivilegedContainer")).isEqualTo(rights.path("privileged"));
        assertThat(constraints.path("allowPrivilegeEscalation")).isEqualTo(rights.path("allowPrivilegeEscalation"));
        assertThat(constraints.path("readOnlyRootFilesystem")).isEqualTo(rights.path("readOnlyRootFilesystem"));
        assertThat(constraints.path("requiredDropCapabilities")).isEqualTo(rights.at("/capabilities/drop"));
        assertThat(constraints.path("users").get(0).asText())
                .isEqualTo("system:serviceaccount:gpu-exporter:gpu-exporter");
        assertThat(pod(openShift).at("/securityContext/seLinuxOptions/type").asText())
                .isEqualTo("spc_t");
    }

    /** The exporter calls nobody but, where it is told to, the API server. */
    @ParameterizedTest
    @MethodSource("overlays")
    void onlyTheMetricsPortIsReached(String overlay) {
        JsonNode policy = rendered(overlay).one("NetworkPolicy").path("spec");
        assertThat(policy.path("policyTypes")).extracting(JsonNode::asText).containsExactly("Ingress", "Egress");
        assertThat(policy.path("ingress")).singleElement().satisfies(rule -> assertThat(rule.path("ports"))
                .singleElement()
                .satisfies(port -> assertThat(port.path("port").asText()).isEqualTo("metrics")));
        assertThat(policy.path("egress").isEmpty()).isEqualTo(!ASKING_THE_API_SERVER.contains(overlay));
        assertThat(policy.at("/podSelector/matchLabels"))
                .isEqualTo(rendered(overlay).one("DaemonSet").at("/spec/template/metadata/labels"));
    }

    private static Manifests rendered(String overlay) {
        return Manifests.rendered("deploy/overlays/" + overlay);
    }

    private static JsonNode pod(Manifests manifests) {
        return manifests.one("DaemonSet").at("/spec/template/spec");
    }

    private static JsonNode named(JsonNode list, String name) {
        return StreamSupport.stream(list.spliterator(), false)
                .filter(item -> item.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is named " + name));
    }
}
