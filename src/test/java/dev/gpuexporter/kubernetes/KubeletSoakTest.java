package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.gpuexporter.kubernetes.podresources.v1.ContainerDevices;
import dev.gpuexporter.kubernetes.podresources.v1.ContainerResources;
import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesResponse;
import dev.gpuexporter.kubernetes.podresources.v1.PodResources;
import io.grpc.Status;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks a kubelet on a real socket again and again, while pods come and go, answers are late, calls are refused and the
 * kubelet restarts: each answer is of this moment's pods, and nothing is left behind. {@code -Dsoak.kubelet.readings}
 * says how often.
 */
class KubeletSoakTest {
    private static final int READINGS = Integer.getInteger("soak.kubelet.readings", 2_000);
    private static final int MOST_PODS = 3_000; // several times what may be sent ahead
    private static final Duration DEADLINE = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final Random random = new Random(1);
    private FakeKubelet kubelet;
    private PodResourcesClient client;

    @Test
    void everyAnswerIsOfThisMomentAndNothingIsLeftBehind() throws Exception {
        Path socket = directory.resolve("kubelet.sock");
        kubelet = new FakeKubelet(socket).answers(FakeKubelet.ALLOCATABLE, new byte[0]);
        client = new PodResourcesClient(KubeletSocket.at(socket), DEADLINE);
        try {
            ask(READINGS / 4); // warm by then
            int files = openFiles();
            long heap = heapBytes();
            ask(READINGS);
            assertThat(openFiles()).as("open files").isLessThanOrEqualTo(files);
            assertThat(heapBytes() - heap).as("bytes of heap").isLessThan(4 << 20);
        } finally {
            client.close();
            kubelet.close();
        }
    }

    /** Ends with an answer, so that one connection is open. */
    private void ask(int readings) throws Exception {
        for (int reading = 0; reading < readings; reading++) {
            if (reading % 2_000 == 100) {
                kubelet.hang(true);
                fails("DEADLINE_EXCEEDED");
                kubelet.hang(false);
            }
            if (reading % 500 == 200) {
                kubelet.refuses(FakeKubelet.LIST, Status.RESOURCE_EXHAUSTED.withDescription("rejected by rate limit"));
                fails("RESOURCE_EXHAUSTED");
                kubelet.allows(FakeKubelet.LIST);
            }
            if (reading % 500 == 300) {
                kubelet.die();
                fails("UNAVAILABLE");
                kubelet.startAgain();
            }
            if (reading % 50 == 0) {
                kubelet.breakConnections();
            }
            int pods = reading % 100 == 0 ? MOST_PODS : random.nextInt(20);
            kubelet.answers(FakeKubelet.LIST, pods(pods, reading));
            String ofNow = "pod-" + reading + "-";
            assertThat(client.read().allocations())
                    .hasSize(pods)
                    .allMatch(held -> held.workload().pod().startsWith(ofNow));
            kubelet.calls().clear();
        }
    }

    private void fails(String status) {
        assertThatExceptionOfType(KubeletException.class)
                .isThrownBy(() -> client.read())
                .withMessageContaining(status);
    }

    private static ListPodResourcesResponse pods(int number, int reading) {
        ListPodResourcesResponse.Builder pods = ListPodResourcesResponse.newBuilder();
        for (int i = 0; i < number; i++) {
            pods.addPodResources(PodResources.newBuilder()
                    .setNamespace("soak")
                    .setName("pod-" + reading + "-" + i)
                    .addContainers(ContainerResources.newBuilder()
                            .setName("main")
                            .addDevices(ContainerDevices.newBuilder()
                                    .setResourceName("nvidia.com/gpu")
                                    .addDeviceIds("GPU-12345678-1234-1234-1234-%012d".formatted(i)))));
        }
        return pods.build();
    }

    private static int openFiles() {
        return new File("/proc/self/fd").list().length;
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
