package dev.gpuexporter.kubernetes;

import static dev.gpuexporter.kubernetes.FakeApiServer.error;
import static dev.gpuexporter.kubernetes.FakeApiServer.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gpuexporter.testing.Eventually;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceSlicesTest {
    private static final String GPU = "GPU-12345678-1234-1234-1234-123456780000";
    private static final String OTHER_GPU = "GPU-12345678-1234-1234-1234-123456780001";
    private static final String MIG = "MIG-aaaaaaaa-1111-2222-3333-000000000001";

    private FakeApiServer server;
    private ApiServer client;
    private ResourceSlices slices;

    private void serve(String version) {
        server = new FakeApiServer(
                "/apis/resource.k8s.io/" + version + "/resourceslices", "resource.k8s.io/" + version, "ResourceSlice");
        client = server.client();
        slices = new ResourceSlices(client, "node-a");
    }

    @AfterEach
    void stop() {
        slices.close();
        client.close();
        server.close();
    }

    private static String slice(String name, int version, int generation, String... devices) {
        return """
                {"apiVersion": "resource.k8s.io/v1", "kind": "ResourceSlice",
                 "metadata": {"name": "%s", "resourceVersion": "%d"},
                 "spec": {"driver": "gpu.nvidia.com", "nodeName": "node-a",
                          "pool": {"name": "node-a", "generation": %d, "resourceSliceCount": 1},
                          "devices": [%s]}}""".formatted(name, version, generation, String.join(",", devices));
    }

    private static String gpu(String name, String uuid) {
        return """
                {"name": "%s", "attributes": {"type": {"string": "gpu"}, "uuid": {"string": "%s"}, "minor": {"int": 0}}}""".formatted(name, uuid);
    }

    private Optional<DraDevice> device(String name) {
        return slices.current().device(new DeviceId.Claimed("gpu.nvidia.com", "node-a", name, Optional.empty()));
    }

    private void awaitGpu(String name, String uuid) {
        DraDevice expected = new DraDevice(uuid, Optional.empty());
        Eventually.holds(name + " is " + uuid, () -> device(name).equals(Optional.of(expected)));
    }

    @Test
    void knowsGpusAndMigDevicesByTheirNamesInThePool() {
        serve("v1");
        server.lists("7", slice("one", 7, 1, gpu("gpu-0", GPU), """
                {"name": "odd-name", "attributes": {"type": {"string": "mig"}, "gpu.nvidia.com/uuid": {"string": "%s"},
                 "parentUUID": {"string": "%s"}}}""".formatted(MIG, GPU), """
                {"name": "nameless", "attributes": {"uuid": {"version": "1.0.0"}}}"""));
        slices.start();

        awaitGpu("gpu-0", GPU);
        assertThat(device("odd-name")).contains(new DraDevice(MIG, Optional.of(GPU)));
        assertThat(device("odd-name").orElseThrow().gpuUuid()).isEqualTo(GPU);
        assertThat(device("nameless")).isEmpty();
        assertThat(slices.current()
                        .device(new DeviceId.Claimed("gpu.nvidia.com", "node-a", "gpu-0", Optional.of("share"))))
                .contains(new DraDevice(GPU, Optional.empty()));
        assertThat(slices.current().device(new DeviceId.Claimed("gpu.nvidia.com", "node-b", "gpu-0", Optional.empty())))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'metadata': {'name': 'odd'}, 'spec': {'driver': 'gpu.nvidia.com', 'pool': {}}}",
                "{'metadata': {'name': 'odd'}, 'spec': {'driver': 'gpu.nvidia.com', 'pool': {'name': 'node-a'},"
                        + " 'devices': [null, {'attributes': {'uuid': {'string': 'GPU-x'}}},"
                        + " {'name': 'x', 'attributes': {'uuid': null}}]}}",
            })
    void losesNoOtherForASliceThatSaysNothing(String odd) {
        serve("v1");
        server.lists("7", odd.replace('\'', '"'), slice("one", 7, 1, gpu("gpu-0", GPU)));
        slices.start();
        awaitGpu("gpu-0", GPU);
    }

    @Test
    void asksForTheGpusOfThisNodeAlone() {
        serve("v1");
        server.lists("7", slice("one", 7, 1, gpu("gpu-0", GPU)));
        slices.start();
        Eventually.holds("a watch", () -> !server.watchedFrom().isEmpty());

        assertThat(server.requests()).allSatisfy(request -> {
            assertThat(request.getUrl()).startsWith("/apis/resource.k8s.io/v1/resourceslices?");
            assertThat(request.queryParameter("fieldSelector").firstValue().split(","))
                    .containsExactlyInAnyOrder("spec.nodeName=node-a", "spec.driver=gpu.nvidia.com");
        });
    }

    @Test
    void readsTheOlderVersionWhereThatIsAllThereIs() {
        serve("v1beta1");
        server.lists("7", slice("one", 7, 1, """
                {"name": "gpu-0", "basic": {"attributes": {"uuid": {"string": "%s"}}}}""".formatted(GPU)));
        slices.start();

        awaitGpu("gpu-0", GPU);
        assertThat(client.isUp()).isTrue();
    }

    @Test
    void followsADriverThatReplacesItsSlices() {
        serve("v1");
        server.lists("7", slice("old", 7, 1, gpu("gpu-0", GPU), gpu("gpu-9", GPU)))
                .watches(
                        "7",
                        event("ADDED", slice("new", 8, 2, gpu("gpu-0", OTHER_GPU), gpu("gpu-1", GPU))),
                        event("DELETED", slice("old", 9, 1, gpu("gpu-0", GPU))));
        slices.start();

        awaitGpu("gpu-1", GPU);
        awaitGpu("gpu-0", OTHER_GPU);
        Eventually.holds("gpu-9 went with its slice", () -> device("gpu-9").isEmpty());
    }

    @Test
    void believesTheNewerOfTwoSlices() {
        serve("v1");
        server.lists("7", slice("new", 8, 2, gpu("gpu-0", OTHER_GPU)), slice("old", 7, 1, gpu("gpu-0", GPU)));
        slices.start();
        awaitGpu("gpu-0", OTHER_GPU);
    }

    @Test
    void listsAnewWhenTheVersionIsGone() {
        serve("v1");
        server.lists("7", slice("one", 7, 1, gpu("gpu-0", GPU))).watches("7", error(410));
        slices.start();
        awaitGpu("gpu-0", GPU);

        server.lists("90", slice("two", 90, 2, gpu("gpu-0", OTHER_GPU)));
        awaitGpu("gpu-0", OTHER_GPU);
    }

    @Test
    void keepsWhatItKnowsWhileTheServerIsAway() {
        serve("v1");
        server.lists("7", slice("one", 7, 1, gpu("gpu-0", GPU)));
        slices.start();
        awaitGpu("gpu-0", GPU);

        server.stop();
        Eventually.holds("it is down", () -> !client.isUp());
        assertThat(device("gpu-0")).isPresent();
    }

    @Test
    void refusesToWatchTheWholeCluster() {
        serve("v1");
        assertThatIllegalArgumentException().isThrownBy(() -> new ResourceSlices(client, ""));
    }
}
