package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gpuexporter.kubernetes.podresources.v1.ClaimResource;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerDevices;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerResources;
import dev.gpuexporter.kubernetes.podresources.v1.DynamicResource;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.PodResources;
import io.grpc.Status;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodResourcesClientTest {
    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final String GPU_4 = "GPU-12345678-1234-1234-1234-123456780004";
    private static final byte[] NOTHING = {};

    @TempDir
    private Path directory;

    private Path socket;
    private FakeKubelet kubelet;
    private PodResourcesClient client;

    @BeforeEach
    void startBoth() {
        socket = directory.resolve("kubelet.sock");
        kubelet = new FakeKubelet(socket)
                .answers(FakeKubelet.LIST, Recordings.read("list-v1.bin"))
                .answers(FakeKubelet.ALLOCATABLE, Recordings.read("allocatable-v1.bin"));
        client = new PodResourcesClient(KubeletSocket.at(socket), DEADLINE);
    }

    @AfterEach
    void stopBoth() {
        client.close();
        kubelet.close();
    }

    @Test
    void readsWhoHoldsWhatAndWhatThereIs() throws Exception {
        PodResourcesAnswer answer = client.read();

        assertThat(answer.allocations()).hasSize(13).contains(gpu("ml", "one-gpu", "main", GPU_4));
        assertThat(answer.allocatable().orElseThrow().get("rdma/hca"))
                .containsExactlyInAnyOrder(DeviceId.parse("hca0"), DeviceId.parse("hca1"), DeviceId.parse("hca2"));
        assertThat(answer.allocatable().orElseThrow().get("nvidia.com/gpu")).hasSize(6);
    }

    @Test
    void asksOverOneConnectionAsLongAsItLasts() throws Exception {
        assertThat(client.read().connection()).isEqualTo(client.read().connection());
        assertThat(kubelet.calls()).hasSize(4);
    }

    @Test
    void fallsBackToV1alpha1AndAsksItAtOnceFromThenOn() throws Exception {
        kubelet.close();
        kubelet = new FakeKubelet(socket).answers(FakeKubelet.LIST_V1ALPHA1, Recordings.read("list-v1alpha1.bin"));

        assertThat(client.read().allocations()).hasSize(13).contains(gpu("ml", "one-gpu", "main", GPU_4));
        assertThat(client.read().allocatable()).isEmpty();
        assertThat(kubelet.calls())
                .containsExactly(FakeKubelet.LIST, FakeKubelet.LIST_V1ALPHA1, FakeKubelet.LIST_V1ALPHA1);
    }

    @Test
    void triesV1AgainAfterTheKubeletWasUpgraded() throws Exception {
        kubelet.close();
        kubelet = new FakeKubelet(socket).answers(FakeKubelet.LIST_V1ALPHA1, NOTHING);
        assertThat(client.read().allocations()).isEmpty();
        kubelet.close();
        kubelet = new FakeKubelet(socket).answers(FakeKubelet.LIST, Recordings.read("list-v1.bin"));

        // The connection is known to be another one only after a call, which still is v1alpha1's.
        assertThatExceptionOfType(KubeletException.class)
                .isThrownBy(client::read)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("UNIMPLEMENTED"));
        assertThat(client.read().allocations()).hasSize(13);
    }

    @Test
    void doesWithoutAllocatableWhereTheKubeletHasNone() throws Exception {
        kubelet.close();
        kubelet = new FakeKubelet(socket).answers(FakeKubelet.LIST, Recordings.read("list-v1.bin"));

        assertThat(client.read().allocatable()).isEmpty();
        assertThat(client.read().allocations()).hasSize(13);
        assertThat(kubelet.calls()).containsExactly(FakeKubelet.LIST, FakeKubelet.ALLOCATABLE, FakeKubelet.LIST);
    }

    @Test
    void doesWithoutAllocatableWhereItIsSwitchedOff() throws Exception {
        kubelet.refuses(FakeKubelet.ALLOCATABLE, Status.UNKNOWN.withDescription("disabled"));

        assertThat(client.read().allocatable()).isEmpty();
    }

    @Test
    void readsTheClaimsOfDynamicResourceAllocation() throws Exception {
        ClaimResource whole = ClaimResource.newBuilder()
                .setDriverName("gpu.nvidia.com")
                .setPoolName("node-a")
                .setDeviceName("gpu-3")
                .build();
        ClaimResource share =
                whole.toBuilder().setDeviceName("gpu-4").setShareId("s1").build();
        kubelet.answers(
                FakeKubelet.LIST,
                list(ContainerResources.newBuilder()
                        .setName("main")
                        .addDynamicResources(DynamicResource.newBuilder()
                                .setClaimName("claim")
                                .addClaimResources(whole)
                                .addClaimResources(share))
                        .build()));

        assertThat(client.read().allocations())
                .containsExactly(
                        new Allocation(
                                new Workload("ns", "pod", "main"),
                                "gpu.nvidia.com",
                                new DeviceId.Claimed("gpu.nvidia.com", "node-a", "gpu-3", Optional.empty())),
                        new Allocation(
                                new Workload("ns", "pod", "main"),
                                "gpu.nvidia.com",
                                new DeviceId.Claimed("gpu.nvidia.com", "node-a", "gpu-4", Optional.of("s1"))));
    }

    @Test
    void takesAnAnswerOfNearlySixteenMebibytes() throws Exception {
        String id = "x".repeat(16 * 1024 * 1024 - 1000);
        kubelet.answers(FakeKubelet.LIST, list(container("main", "example.com/large", id)));

        assertThat(client.read().allocations())
                .singleElement()
                .satisfies(allocation -> assertThat(allocation.device().raw()).hasSize(id.length()));
    }

    @Test
    void refusesAnAnswerOfMoreThanSixteenMebibytesWithoutCallingTheKubeletDown() {
        kubelet.answers(FakeKubelet.LIST, new byte[16 * 1024 * 1024 + 1]);

        assertThatExceptionOfType(KubeletException.class)
                .isThrownBy(client::read)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("RESOURCE_EXHAUSTED"))
                .satisfies(failure -> assertThat(failure.kubeletIsUp()).isTrue());
    }

    @Test
    void tellsARateLimitFromAKubeletThatIsDown() throws Exception {
        kubelet.allowCalls(10);
        for (int reading = 0; reading < 4; reading++) {
            client.read();
        }
        long connection = client.read().connection();

        assertThatExceptionOfType(KubeletException.class)
                .isThrownBy(client::read)
                .withMessage("no answer from " + socket + " (RESOURCE_EXHAUSTED: rejected by rate limit)")
                .satisfies(failure -> assertThat(failure.kubeletIsUp()).isTrue());

        kubelet.allowCalls(10);
        assertThat(client.read().connection())
                .as("as after no restart, which a new connection might be")
                .isEqualTo(connection);
    }

    @Test
    void takesAHundredThousandDevicesAndNoMore() throws Exception {
        String[] ids = IntStream.range(0, 100_000).mapToObj(Integer::toString).toArray(String[]::new);
        ListPodResourcesResponse full = list(container("main", "example.com/many", ids));
        kubelet.answers(FakeKubelet.LIST, full);
        assertThat(client.read().allocations()).hasSize(100_000);

        ListPodResourcesResponse overfull = full.toBuilder()
                .mergeFrom(list(container("one more", "example.com/many", "100000")))
                .build();
        kubelet.answers(FakeKubelet.LIST, overfull);
        assertThatExceptionOfType(KubeletException.class)
                .isThrownBy(client::read)
                .withMessageContaining("more than 100000 devices are listed");
    }

    @Test
    void doesNotWaitForAKubeletThatHangs() {
        PodResourcesClient impatient = new PodResourcesClient(KubeletSocket.at(socket), Duration.ofMillis(200));
        kubelet.hang(true);
        long start = System.nanoTime();

        assertThatExceptionOfType(KubeletException.class)
                .isThrownBy(impatient::read)
                .withMessage("no answer from " + socket + " (DEADLINE_EXCEEDED)");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
        impatient.close();
    }

    @Test
    void saysWhichSocketIsMissing() {
        Path missing = directory.resolve("elsewhere.sock");

        assertThatExceptionOfType(KubeletException.class)
                .isThrownBy(() -> new PodResourcesClient(KubeletSocket.at(missing), DEADLINE).read())
                .withMessage("no socket at " + missing)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("UNAVAILABLE"));
    }

    @Test
    void reachesAKubeletThatCameBackAfterItsStaleSocketRefusedConnections() throws Exception {
        long before = client.read().connection();
        kubelet.die();

        for (int reading = 0; reading < 3; reading++) {
            assertThatExceptionOfType(KubeletException.class)
                    .isThrownBy(client::read)
                    .withMessage("no answer from " + socket + " (UNAVAILABLE: Connection refused)");
        }

        kubelet.startAgain();
        assertThat(client.read().connection()).isNotEqualTo(before);
    }

    @Test
    void noticesAnotherSocketFileInTheSamePlace() throws Exception {
        long before = client.read().connection();
        Files.move(socket, directory.resolve("old.sock"));
        try (FakeKubelet next = new FakeKubelet(socket).answers(FakeKubelet.LIST, NOTHING)) {
            PodResourcesAnswer answer = client.read();

            assertThat(answer.connection()).isNotEqualTo(before);
            assertThat(answer.allocations()).isEmpty();
        }
    }

    @Test
    void noticesARestartThatLeftNoTraceButABrokenConnection() throws Exception {
        long before = client.read().connection();
        kubelet.breakConnections();
        kubelet.answers(FakeKubelet.LIST, NOTHING);

        assertThat(firstAnswer().connection()).isNotEqualTo(before);
    }

    /** The first call after a broken connection may be the one that finds it broken. */
    private PodResourcesAnswer firstAnswer() throws KubeletException {
        try {
            return client.read();
        } catch (KubeletException broken) {
            return client.read();
        }
    }

    @Test
    void survivesAServerThatWritesJunk() throws Exception {
        Path junk = directory.resolve("junk.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(junk));
            Thread writer = new Thread(() -> writeJunk(server));
            writer.setDaemon(true);
            writer.start();
            try (PodResourcesClient reader = new PodResourcesClient(KubeletSocket.at(junk), DEADLINE)) {
                assertThatExceptionOfType(KubeletException.class)
                        .isThrownBy(reader::read)
                        .satisfies(failure -> assertThat(failure.code()).isIn("UNAVAILABLE", "INTERNAL", "UNKNOWN"))
                        .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
            }
        }
    }

    private static void writeJunk(ServerSocketChannel server) {
        try (SocketChannel connection = server.accept()) {
            connection.write(ByteBuffer.wrap(
                    "HTTP/1.0 400 Bad\r\n\r\n\u0000\u0001garbage".repeat(50).getBytes()));
        } catch (IOException gone) {
            // The reader has had enough.
        }
    }

    @Test
    void saysThatBytesAreNoMessage() {
        kubelet.answers(FakeKubelet.LIST, new byte[] {0x0a, 0x7f, 0x01});

        assertThatExceptionOfType(KubeletException.class)
                .isThrownBy(client::read)
                .satisfies(failure -> assertThat(failure.code()).isEqualTo("INTERNAL"));
    }

    @Test
    void needsNoThreadOfItsOwn() throws Exception {
        client.read();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (PodResourcesClient another = new PodResourcesClient(KubeletSocket.at(socket), DEADLINE)) {
            another.read();

            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> !before.contains(thread))
                    .isEmpty();
        }
    }

    private static Allocation gpu(String namespace, String pod, String container, String id) {
        return new Allocation(new Workload(namespace, pod, container), "nvidia.com/gpu", DeviceId.parse(id));
    }

    private static ContainerResources container(String name, String resource, String... ids) {
        return ContainerResources.newBuilder()
                .setName(name)
                .addDevices(
                        ContainerDevices.newBuilder().setResourceName(resource).addAllDeviceIds(List.of(ids)))
                .build();
    }

    private static ListPodResourcesResponse list(ContainerResources container) {
        return ListPodResourcesResponse.newBuilder()
                .addPodResources(PodResources.newBuilder()
                        .setNamespace("ns")
                        .setName("pod")
                        .addContainers(container))
                .build();
    }
}
