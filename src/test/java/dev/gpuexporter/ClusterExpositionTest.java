package dev.gpuexporter;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.Scrape.Sample;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Settings;
import dev.gpuexporter.kubernetes.ApiObjects;
import dev.gpuexporter.kubernetes.FakeApiServer;
import dev.gpuexporter.kubernetes.StackComponents;
import dev.gpuexporter.testing.Command;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What others than the driver and the kubelet know of a node, as it is scraped. */
class ClusterExpositionTest {
    private static final String API_UP = "gpu_exporter_kubernetes_api_up";
    private static final String POD_INFO = "gpu_workload_info";
    private static final String MIG_POD_INFO = "gpu_mig_workload_info";
    private static final StackComponents NO_STACK = new StackComponents(Path.of("/nonexistent"));

    /** Pods on whole GPUs, and on MIG devices. */
    private static final Scenario NODE = RunningExporter.scenario("mig-h100");

    @TempDir
    Path validations;

    @Test
    void saysWhatAPodWasMadeForAndWhichLabelsItHas() {
        try (FakeApiServer server = FakeApiServer.ofPods()
                        .lists(
                                "12",
                                pod("research", "train-0", "uid-1", "Job", "train-29318400", "team", "vision"),
                                pod(
                                        "prod",
                                        "llm-a",
                                        "uid-2",
                                        "StatefulSet",
                                        "llm-a",
                                        "app.kubernetes.io/name",
                                        "llm"));
                RunningExporter exporter = watching(server, "team", "app.kubernetes.io/name")) {
            awaitApi(exporter, 1);
            Scrape scrape = awaitPod(exporter, "train-0");

            assertThat(only(scrape, POD_INFO, "train-0"))
                    .containsEntry("pod_uid", "uid-1")
                    .containsEntry("workload_kind", "CronJob")
                    .containsEntry("workload", "train")
                    .containsEntry("label_team", "vision")
                    .containsEntry("label_app_kubernetes_io_name", "");
            assertThat(only(scrape, MIG_POD_INFO, "llm-a"))
                    .containsEntry("pod_uid", "uid-2")
                    .containsEntry("workload_kind", "StatefulSet")
                    .containsEntry("label_team", "")
                    .containsEntry("label_app_kubernetes_io_name", "llm");
        }
    }

    /** As DCGM's exporter has them: on every series of the device that the pod holds. */
    @Test
    void saysTheSameUnderDcgmsNamesOnEverySeries() {
        Settings.ApiServer pods = new Settings.ApiServer(Optional.of("node-a"), true, List.of("team"), false);
        try (FakeApiServer server = FakeApiServer.ofPods()
                        .lists("12", pod("research", "train-0", "uid-1", "Job", "train", "team", "vision"));
                RunningExporter exporter = RunningExporter.inCluster(
                        NODE,
                        Optional.of(new ApiObjects(server.client(), pods)),
                        NO_STACK,
                        Map.of("metrics.naming", "both"))) {
            Scrape scrape = awaitPod(exporter, "train-0");
            List<Sample> ofGpu = scrape.samples().stream()
                    .filter(sample -> sample.name().startsWith("DCGM_")
                            && sample.labels().get("gpu").equals("1"))
                    .toList();
            assertThat(ofGpu).extracting(Sample::name).contains("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION");
            assertThat(ofGpu).allSatisfy(sample -> assertThat(sample.labels())
                    .containsEntry("pod", "train-0")
                    .containsEntry("pod_uid", "uid-1")
                    .containsEntry("team", "vision")
                    .doesNotContainKeys("workload", "workload_kind"));
            assertThat(only(scrape, "DCGM_FI_DEV_FB_USED", "llm-a")).doesNotContainKeys("pod_uid", "team");
        }
    }

    /** Prometheus takes an empty label for absent; a reader of the page finds one set of labels in each family. */
    @Test
    void leavesLabelsOfUnknownPodsEmpty() {
        try (FakeApiServer server = FakeApiServer.ofPods()
                        .lists("12", pod("research", "train-0", "uid-1", "Job", "train", "team", "vision"));
                RunningExporter exporter = watching(server, "team")) {
            Scrape scrape = awaitPod(exporter, "train-0");

            assertThat(only(scrape, MIG_POD_INFO, "llm-a"))
                    .containsEntry("pod_uid", "")
                    .containsEntry("workload_kind", "")
                    .containsEntry("workload", "")
                    .containsEntry("label_team", "");
            assertThat(scrape.all(MIG_POD_INFO))
                    .extracting(sample -> sample.labels().keySet())
                    .hasSizeGreaterThan(2)
                    .containsOnly(scrape.all(MIG_POD_INFO).get(0).labels().keySet());
            assertThat(scrape.all("gpu_utilization_ratio", "pod", "train-0"))
                    .allSatisfy(sample -> assertThat(sample.labels()).doesNotContainKeys("pod_uid", "label_team"));
        }
    }

    @Test
    void saysNoMoreOfPodsThanTheKubeletDoesUnlessItIsAskedTo() {
        Scrape scrape = SimulatedScenarios.scrape("mig-h100");
        assertThat(only(scrape, POD_INFO, "train-0"))
                .containsOnlyKeys("gpu", "uuid", "namespace", "pod", "container", "resource");
        assertThat(scrape.names()).doesNotContain(API_UP, "gpu_stack_component_ready");
    }

    /** Refused, and then let in. */
    @Test
    void aServerThatRefusesCostsNothingElse() {
        try (FakeApiServer server = FakeApiServer.ofPods().answersListsWith(403);
                RunningExporter exporter = watching(server, "team")) {
            Eventually.holds("it was asked", () -> !server.requests().isEmpty());
            assertUnharmed(exporter);

            server.lists("12", pod("research", "train-0", "uid-1", "Job", "train", "team", "vision"));
            awaitPod(exporter, "train-0");
            awaitApi(exporter, 1);
        }
    }

    @Test
    void aServerThatDoesNotAnswerCostsNothingElse() {
        try (FakeApiServer server = FakeApiServer.ofPods().hangs();
                RunningExporter exporter = watching(server, "team")) {
            assertUnharmed(exporter);
        }
    }

    /** What was known stands. */
    @Test
    void aServerThatIsGoneCostsNothingElse() {
        try (FakeApiServer server = FakeApiServer.ofPods()
                        .lists("12", pod("research", "train-0", "uid-1", "Job", "train", "team", "vision"));
                RunningExporter exporter = watching(server, "team")) {
            awaitPod(exporter, "train-0");
            server.stop();
            Eventually.holds("the watch is broken off", () -> exporter.apiUp().equals(Optional.of(false)));
            assertThat(only(exporter.scrape(), POD_INFO, "train-0")).containsEntry("label_team", "vision");
        }
    }

    private static void assertUnharmed(RunningExporter exporter) {
        Scrape scrape = exporter.scrape();
        assertThat(scrape.value(API_UP)).hasValue(0);
        assertThat(only(scrape, POD_INFO, "train-0"))
                .containsEntry("container", "main")
                .containsEntry("pod_uid", "")
                .containsEntry("label_team", "");
        Scrape without = SimulatedScenarios.scrape("mig-h100");
        assertThat(scrape.names())
                .containsAll(without.names().stream()
                        .filter(name -> name.startsWith("gpu_"))
                        .toList());
        assertThat(scrape.all("gpu_utilization_ratio")).isEqualTo(without.all("gpu_utilization_ratio"));
    }

    @Test
    void labelsThatBreakOutOfAnythingComeOutAsTheyAre() {
        String hostile = "\\\"quoted\" \n ünïcödé 日本 " + "x".repeat(253);
        String json = hostile.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        try (FakeApiServer server = FakeApiServer.ofPods()
                        .lists("12", pod("research", "train-0", "uid-1", "Job", "train", "team", json));
                RunningExporter exporter = watching(server, "team", "9/ä.b", "exämple")) {
            Scrape scrape = awaitPod(exporter, "train-0");

            assertThat(only(scrape, POD_INFO, "train-0"))
                    .containsEntry("label_team", hostile)
                    .containsEntry("label_9___b", "")
                    .containsEntry("label_ex_mple", "");
            byte[] page = exporter.text("/metrics").getBytes(StandardCharsets.UTF_8);
            assertThat(Command.fed(page, Tool.PROMTOOL.require().toString(), "check", "metrics"))
                    .isEmpty();
        }
    }

    /** Names that tell nothing, and one that tells another GPU than its slice. */
    @Test
    void knowsClaimedDevicesByTheirSlices() {
        Scenario claims = RunningExporter.scenario("dra-names");
        try (FakeApiServer server = new FakeApiServer(
                                "/apis/resource.k8s.io/v1/resourceslices", "resource.k8s.io/v1", "ResourceSlice")
                        .lists("7", slice(claims));
                RunningExporter exporter = RunningExporter.inCluster(claims, Optional.of(slices(server)), NO_STACK)) {
            Eventually.holds("the claims are known", () -> exporter.scrape()
                    .value("gpu_exporter_unmapped_devices")
                    .equals(OptionalDouble.of(1)));
            Scrape scrape = exporter.scrape();
            assertThat(only(scrape, POD_INFO, "train-0")).containsEntry("gpu", "0");
            assertThat(only(scrape, POD_INFO, "train-1")).containsEntry("gpu", "1");
            assertThat(only(scrape, MIG_POD_INFO, "llm-a")).containsEntry("gpu", "2");
            assertThat(scrape.all(POD_INFO, "pod", "nobody-knows")).isEmpty();
            assertThat(scrape.all("gpu_memory_used_bytes", "pod", "train-1"))
                    .singleElement()
                    .satisfies(sample -> assertThat(sample.labels()).containsEntry("gpu", "1"));
            awaitApi(exporter, 1);
        }
    }

    @Test
    void saysWhichComponentsWereFoundReady() throws IOException {
        Files.createFile(validations.resolve("driver-ready"));
        Files.createFile(validations.resolve("toolkit-ready"));
        try (RunningExporter exporter =
                RunningExporter.inCluster(NODE, Optional.empty(), new StackComponents(validations))) {
            awaitStack(exporter, Map.of("driver", 1.0, "toolkit", 1.0, "plugin", 0.0, "cuda", 0.0));
            Files.delete(validations.resolve("toolkit-ready"));
            Files.createFile(validations.resolve("cuda-ready"));
            awaitStack(exporter, Map.of("driver", 1.0, "toolkit", 0.0, "plugin", 0.0, "cuda", 1.0));
        }
    }

    private static void awaitStack(RunningExporter exporter, Map<String, Double> ready) {
        Eventually.holds("ready: " + ready, () -> exporter.scrape().all("gpu_stack_component_ready").stream()
                .collect(toMap(sample -> sample.labels().get("component"), Sample::value))
                .equals(ready));
    }

    private static RunningExporter watching(FakeApiServer server, String... labels) {
        Settings.ApiServer settings = new Settings.ApiServer(Optional.of("node-a"), true, List.of(labels), false);
        return RunningExporter.inCluster(NODE, Optional.of(new ApiObjects(server.client(), settings)), NO_STACK);
    }

    private static ApiObjects slices(FakeApiServer server) {
        return new ApiObjects(server.client(), new Settings.ApiServer(Optional.of("node-a"), false, List.of(), true));
    }

    private static Map<String, String> only(Scrape scrape, String name, String pod) {
        List<Sample> samples = scrape.all(name, "pod", pod);
        assertThat(samples).as(name + " of " + pod).hasSize(1);
        return samples.get(0).labels();
    }

    private static void awaitApi(RunningExporter exporter, double up) {
        Eventually.holds(
                "the API server is " + up, () -> exporter.scrape().value(API_UP).equals(OptionalDouble.of(up)));
    }

    private static Scrape awaitPod(RunningExporter exporter, String pod) {
        Eventually.holds(
                pod + " is known",
                () -> !only(exporter.scrape(), POD_INFO, pod).get("pod_uid").isEmpty());
        return exporter.scrape();
    }

    private static String pod(
            String namespace, String name, String uid, String kind, String owner, String label, String value) {
        return """
                {"metadata": {"namespace": "%s", "name": "%s", "uid": "%s", "resourceVersion": "11",
                  "labels": {"%s": "%s"},
                  "ownerReferences": [{"kind": "%s", "name": "%s", "controller": true}]}}""".formatted(namespace, name, uid, label, value, kind, owner);
    }

    private static String slice(Scenario scenario) {
        Scrape node = Scrape.of(SimulatedScenarios.exposition(scenario.name()));
        return """
                {"metadata": {"name": "slice", "resourceVersion": "7"},
                 "spec": {"driver": "gpu.nvidia.com", "nodeName": "node-a",
                          "pool": {"name": "node-a", "generation": 1, "resourceSliceCount": 1},
                          "devices": [
                            {"name": "first", "attributes": {"uuid": {"string": "%s"}}},
                            {"name": "gpu-0", "attributes": {"uuid": {"string": "%s"}}},
                            {"name": "part", "attributes": {"uuid": {"string": "%s"}, "parentUUID": {"string": "%s"}}},
                            {"name": "gone", "attributes": {"uuid": {"string": "GPU-that-was"}}}]}}""".formatted(
                        uuid(node, "gpu_info", "0", "uuid"),
                        uuid(node, "gpu_info", "1", "uuid"),
                        uuid(node, "gpu_mig_info", "2", "mig_uuid"),
                        uuid(node, "gpu_info", "2", "uuid"));
    }

    private static String uuid(Scrape node, String name, String gpu, String label) {
        return node.all(name, "gpu", gpu).get(0).labels().get(label);
    }
}
