package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ManifestsTest {
    private static Manifests deploy;
    private static JsonNode pod;
    private static JsonNode container;
    private static JsonNode service;
    private static JsonNode monitor;

    @BeforeAll
    static void render() {
        deploy = Manifests.rendered("deploy");
        JsonNode daemonSet = deploy.one("DaemonSet");
        pod = daemonSet.at("/spec/template/spec");
        container = pod.at("/containers/0");
        service = deploy.one("Service");
        monitor = Manifests.rendered("servicemonitor").one("ServiceMonitor");
    }

    @Test
    void installNothingButTheExporterInItsNamespace() {
        assertThat(deploy.objects().stream().map(object -> object.path("kind").asText()))
                .containsExactlyInAnyOrder("Namespace", "ServiceAccount", "DaemonSet", "Service", "NetworkPolicy");
        String namespace = deploy.one("Namespace").at("/metadata/name").asText();
        assertThat(Stream.of(deploy.one("ServiceAccount"), deploy.one("DaemonSet"), service, monitor)
                        .map(object -> object.at("/metadata/namespace").asText()))
                .containsOnly(namespace);
    }

    @Test
    void landOnGpuNodesAlone() {
        JsonNode terms = pod.at("/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution")
                .path("nodeSelectorTerms");
        List<String> marks = new ArrayList<>();
        for (JsonNode term : terms) {
            JsonNode mark = term.at("/matchExpressions/0");
            String values = elements(mark.path("values")).map(JsonNode::asText).collect(Collectors.joining(","));
            marks.add(mark.path("key").asText() + " " + mark.path("operator").asText() + " " + values);
        }
        assertThat(marks)
                .containsExactlyInAnyOrder(
                        "feature.node.kubernetes.io/pci-10de.present In true",
                        "feature.node.kubernetes.io/pci-0302_10de.present In true",
                        "feature.node.kubernetes.io/pci-0300_10de.present In true",
                        "nvidia.com/gpu.present In true",
                        "cloud.google.com/gke-accelerator Exists ",
                        "kubernetes.azure.com/accelerator In nvidia",
                        "karpenter.k8s.aws/instance-gpu-manufacturer In nvidia");
    }

    @Test
    void keepAwayWhileTheDriverIsUpgraded() {
        JsonNode terms = pod.at("/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution")
                .path("nodeSelectorTerms");
        assertThat(elements(terms).map(term -> term.at("/matchExpressions/1"))).allSatisfy(pause -> {
            assertThat(pause.path("key").asText()).isEqualTo("nvidia.com/gpu.deploy.client");
            assertThat(pause.path("operator").asText()).isEqualTo("NotIn");
            assertThat(elements(pause.path("values")).map(JsonNode::asText))
                    .containsExactlyInAnyOrder("paused-for-driver-upgrade", "paused-for-mig-change");
        });
    }

    @Test
    void selectTheirOwnPods() {
        JsonNode labels = deploy.one("DaemonSet").at("/spec/template/metadata/labels");
        assertThat(deploy.one("DaemonSet").at("/spec/selector/matchLabels")).isEqualTo(labels);
        assertThat(service.at("/spec/selector")).isEqualTo(labels);
        assertThat(pod.path("serviceAccountName").asText())
                .isEqualTo(deploy.one("ServiceAccount").at("/metadata/name").asText());
    }

    @Test
    void giveNoMoreRightsThanTheJobTakes() {
        JsonNode rights = container.path("securityContext");
        assertThat(rights.path("privileged").asBoolean(true)).isFalse();
        assertThat(rights.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
        assertThat(rights.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(rights.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
        assertThat(rights.at("/capabilities/add").isMissingNode()).isTrue();
        assertThat(pod.at("/securityContext/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(deploy.one("ServiceAccount")
                        .path("automountServiceAccountToken")
                        .asBoolean(true))
                .isFalse();
        assertThat(Stream.of("hostNetwork", "hostPID", "hostIPC").filter(pod::has))
                .isEmpty();
    }

    @Test
    void showTheHostsProcessesToWhoeverAsksForThat() {
        JsonNode shown = Manifests.rendered("deploy", "deploy/components/host-pid")
                .one("DaemonSet")
                .at("/spec/template/spec");
        assertThat(shown.path("hostPID").asBoolean()).isTrue();
        assertThat(elements(shown.at("/containers/0/volumeMounts"))
                        .map(mount -> mount.path("mountPath").asText() + " "
                                + mount.path("readOnly").asBoolean()))
                .containsExactlyInAnyOrder(
                        "/var/lib/kubelet/pod-resources true", "/var/log/pods true", "/var/log/containers true");
        assertThat(elements(shown.path("volumes")).map(volume -> volume.path("name")))
                .containsExactlyInAnyOrderElementsOf(elements(shown.at("/containers/0/volumeMounts"))
                        .map(mount -> mount.path("name"))
                        .toList());
        assertThat(shown.at("/containers/0/securityContext"))
                .isEqualTo(container.path("securityContext"))
                .isNotEmpty();
    }

    /** A request would take a GPU from the workloads. */
    @Test
    void seeEveryGpuWithoutRequestingOne() {
        assertThat(environment("NVIDIA_VISIBLE_DEVICES").path("value").asText()).isEqualTo("all");
        assertThat(environment("NVIDIA_DRIVER_CAPABILITIES").path("value").asText())
                .isEqualTo("utility");
        assertThat(pod.path("runtimeClassName").asText()).isEqualTo("nvidia");
        assertThat(container.path("resources").toString()).doesNotContain("nvidia.com");
    }

    @Test
    void reachTheKubeletsSocketThroughItsDirectory() {
        JsonNode volume = pod.at("/volumes/0");
        JsonNode mount = container.at("/volumeMounts/0");
        assertThat(volume.at("/hostPath/path").asText()).isEqualTo("/var/lib/kubelet/pod-resources");
        assertThat(mount.path("name")).isEqualTo(volume.path("name"));
        assertThat(mount.path("mountPath")).isEqualTo(volume.at("/hostPath/path"));
        assertThat(mount.path("readOnly").asBoolean()).isTrue();
    }

    @Test
    void tellTheExporterItsNode() {
        assertThat(environment("NODE_NAME").at("/valueFrom/fieldRef/fieldPath").asText())
                .isEqualTo("spec.nodeName");
    }

    /** The Service's name would make them GPU_EXPORTER_PORT and the like, which the exporter reads as settings. */
    @Test
    void keepServiceLinksOutOfTheEnvironment() {
        assertThat(pod.path("enableServiceLinks").asBoolean(true)).isFalse();
    }

    @Test
    void probeThePortThatTheExporterListensOn() {
        assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(9400);
        String port = container.at("/ports/0/name").asText();
        assertThat(port).isEqualTo("metrics");
        assertThat(Stream.of("startupProbe", "livenessProbe", "readinessProbe")
                        .map(probe ->
                                container.at("/" + probe + "/httpGet/port").asText()))
                .containsOnly(port);
        assertThat(service.at("/spec/ports/0/targetPort").asText()).isEqualTo(port);
    }

    /** A restart mends neither the driver nor the kubelet, so liveness asks for the process alone. */
    @Test
    void restartOnlyWhatARestartMends() {
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/-/healthy");
        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/-/healthy");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/-/ready");
    }

    @Test
    void letPrometheusFindTheService() {
        JsonNode labels = service.at("/metadata/labels");
        monitor.at("/spec/selector/matchLabels").fields().forEachRemaining(wanted -> assertThat(
                        labels.get(wanted.getKey()))
                .as(wanted.getKey())
                .isEqualTo(wanted.getValue()));
        assertThat(labels.has(monitor.at("/spec/jobLabel").asText())).isTrue();
        assertThat(monitor.at("/spec/endpoints/0/port").asText())
                .isEqualTo(service.at("/spec/ports/0/name").asText());
        assertThat(service.at("/spec/clusterIP").asText()).isEqualTo("None");
    }

    @Test
    void keepTheWorkloadsLabelsAndSetTheNodes() {
        JsonNode endpoint = monitor.at("/spec/endpoints/0");
        assertThat(endpoint.path("honorLabels").asBoolean()).isTrue();
        Set<String> target = Set.of("pod", "container", "namespace", "endpoint", "service", "node", "instance", "job");
        assertThat(target.stream().filter(label -> !isDropped(endpoint, label)))
                .containsExactlyInAnyOrder("node", "instance", "job");
        assertThat(elements(endpoint.path("relabelings"))
                        .filter(rule -> rule.at("/sourceLabels/0").asText().equals("__meta_kubernetes_pod_node_name"))
                        .map(rule -> rule.path("targetLabel").asText()))
                .containsExactlyInAnyOrder("node", "instance");
    }

    @Test
    void bringTheRulesAlong() {
        Manifests manifests = Manifests.rendered("servicemonitor");
        assertThat(manifests.objects().stream()
                        .map(object -> object.path("kind").asText()))
                .containsExactlyInAnyOrder("ServiceMonitor", "PrometheusRule");
        assertThat(manifests.one("PrometheusRule").path("spec"))
                .isEqualTo(RuleFile.read().spec());
        assertThat(manifests.one("PrometheusRule").at("/metadata/namespace"))
                .isEqualTo(monitor.at("/metadata/namespace"));
    }

    @Test
    void scrapePodsOrTheServiceButNeverBoth() {
        Manifests manifests = Manifests.rendered("servicemonitor", "servicemonitor/podmonitor");
        assertThat(manifests.objects().stream()
                        .map(object -> object.path("kind").asText()))
                .containsExactlyInAnyOrder("PodMonitor", "PrometheusRule");
        JsonNode pods = manifests.one("PodMonitor");
        JsonNode labels = deploy.one("DaemonSet").at("/spec/template/metadata/labels");
        assertThat(pods.at("/spec/selector/matchLabels")).isEqualTo(labels);
        assertThat(labels.has(pods.at("/spec/jobLabel").asText())).isTrue();
        JsonNode endpoint = pods.at("/spec/podMetricsEndpoints/0");
        assertThat(endpoint.path("port")).isEqualTo(container.at("/ports/0/name"));
        for (String field : List.of("path", "interval", "scrapeTimeout", "honorLabels", "relabelings")) {
            assertThat(endpoint.path(field))
                    .as(field)
                    .isEqualTo(monitor.at("/spec/endpoints/0").path(field));
        }
    }

    private static boolean isDropped(JsonNode endpoint, String label) {
        return elements(endpoint.path("relabelings"))
                .filter(rule -> rule.path("action").asText().equals("labeldrop"))
                .anyMatch(rule -> Pattern.matches(rule.path("regex").asText(), label));
    }

    private static JsonNode environment(String name) {
        return elements(container.path("env"))
                .filter(variable -> variable.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no variable " + name));
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
