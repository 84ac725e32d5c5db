package dev.gpuexporter.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** No API server drops a field of ours unsaid, or refuses an object. */
class SchemasTest {
    private static final List<Mistake> MISTAKES = List.of(
            new Mistake("DaemonSet", "/spec/template/spec", "tolerationz", "[]", "('tolerationz' was unexpected)"),
            new Mistake(
                    "DaemonSet",
                    "/spec/template/spec",
                    "hostPID",
                    "'yes'",
                    "spec.template.spec.hostPID: 'yes' is not of type 'boolean'"),
            new Mistake(
                    "DaemonSet",
                    "/spec/template/spec/tolerations/0",
                    "operator",
                    "Exist",
                    "'Exist' is not one of ['Exists', 'Equal'"),
            new Mistake("DaemonSet", "/spec/template/spec/volumes/0/hostPath", "type", "Dir", "'Dir' is not one of"),
            new Mistake(
                    "DaemonSet",
                    "/spec/template/spec/containers/0/resources/limits",
                    "memory",
                    "[]",
                    "[] is not valid under any"),
            new Mistake(
                    "DaemonSet",
                    "/metadata",
                    "label",
                    "{}",
                    "metadata: Additional properties are not allowed ('label' was"),
            new Mistake("DaemonSet", "", "kind", "DaemonSets", "no such kind: apps/v1 DaemonSets"),
            new Mistake(
                    "NetworkPolicy",
                    "/spec/ingress/0/ports/0",
                    "protocol",
                    "tcp",
                    "'tcp' is not one of ['TCP', 'UDP', 'SCTP'"),
            new Mistake(
                    "ServiceMonitor", "/spec/endpoints/0", "honourLabels", "true", "('honourLabels' was unexpected)"),
            new Mistake(
                    "ServiceMonitor",
                    "/spec/endpoints/0",
                    "honorLabels",
                    "'yes'",
                    "honorLabels: 'yes' is not of type 'boolean'"),
            new Mistake(
                    "ServiceMonitor",
                    "/spec/endpoints/0/relabelings/0",
                    "action",
                    "labeldropp",
                    "'labeldropp' is not one of"),
            new Mistake("ServiceMonitor", "/metadata", "labelz", "{}", "('labelz' was unexpected)"),
            new Mistake("PrometheusRule", "/spec/groups/0/rules/0", "record", "7", "7 is not of type 'string'"),
            new Mistake("SecurityContextConstraints", "", "allowHostPIDs", "true", "('allowHostPIDs' was unexpected)"));

    private static Chart chart;
    private static Manifests sound;

    @BeforeAll
    static void pack() {
        chart = Chart.pack();
        sound = chart.rendered("--set", "platform=openshift,serviceMonitor.enabled=true,prometheusRule.enabled=true");
    }

    @Test
    void everythingThatIsInstalledIsAsItsSchemaHasIt() {
        Map<String, Manifests> sources = new TreeMap<>();
        Stream.concat(Install.documented().stream(), Install.combined().stream())
                .forEach(install -> {
                    sources.put("kustomize, " + install, install.byKustomize());
                    sources.put("helm, " + install, install.byHelm(chart));
                });
        sources.put("kustomize, PodMonitor", Manifests.rendered("servicemonitor", "servicemonitor/podmonitor"));
        sources.put(
                "helm, PodMonitor", chart.rendered("--set", "podMonitor.enabled=true,podMonitor.labels.release=prom"));
        sources.put(
                "helm, what kustomize has not",
                chart.rendered(
                        "--set",
                        "config=poll.interval = 10s,dashboards.enabled=true,dashboards.annotations.grafana_folder=GPUs,"
                                + "podMetadata.enabled=true,podMetadata.labels={team},env.GPU_EXPORTER_LISTEN=:9400,"
                                + "imagePullSecrets[0].name=registry,podAnnotations.a=b,maxUnavailable=1"));
        assertThat(sources.values()).noneMatch(manifests -> manifests.objects().isEmpty());
        assertThat(Schemas.problems(sources)).isEmpty();
    }

    /** All of them are put to the schemas at once: each time takes a second. */
    @Test
    void everyMistakeIsSeen() {
        Map<String, Manifests> sources = new TreeMap<>(Map.of("sound", sound));
        MISTAKES.forEach(mistake -> sources.put(mistake.toString(), mistake.madeIn(sound)));
        List<String> problems = Schemas.problems(sources);
        assertThat(MISTAKES).allSatisfy(mistake -> assertThat(problems)
                .filteredOn(problem -> problem.startsWith(mistake + ": "))
                .isNotEmpty()
                .allSatisfy(problem -> assertThat(problem).contains(mistake.line)));
        assertThat(problems).noneMatch(problem -> problem.startsWith("sound: "));
    }

    /** A field of a sound object that is set to something else, and what is said of that. */
    private record Mistake(String kind, String place, String field, String value, String line) {
        Manifests madeIn(Manifests sound) {
            ObjectNode broken = sound.one(kind).deepCopy();
            try {
                ((ObjectNode) broken.at(place)).set(field, new YAMLMapper().readTree(value));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return new Manifests(List.of(broken));
        }
    }
}
