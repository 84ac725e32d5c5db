package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.kubernetes.podresources.v1.ListPodResourcesResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A refresher on a real socket, while the kubelet at its other end comes and goes. */
class KubeletRestartTest {

    @TempDir
    private Path root;

    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private WorkloadRefresher refresher;

    @BeforeEach
    void lookForTheKubelet() {
        refresher = new WorkloadRefresher(
                new PodResourcesClient(KubeletSocket.under(List.of(root.resolve("none"), root)), Duration.ofSeconds(5)),
                GpuResources.byForm(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                () -> now,
                () -> {});
    }

    @AfterEach
    void stop() {
        refresher.close();
    }

    @Test
    void findsAKubeletThatStartsLater() throws Exception {
        assertThat(devicesAfter(0)).isZero();
        assertThat(refresher.kubeletUp()).isFalse();

        try (FakeKubelet kubelet = kubelet()) {
            assertThat(devicesAfter(10)).isEqualTo(11);
            assertThat(refresher.kubeletUp()).isTrue();
            assertThat(kubelet.calls()).hasSize(2);
        }
    }

    @Test
    void keepsEveryOwnerWhileTheListGrowsAgain() throws Exception {
        ListPodResourcesResponse all = ListPodResourcesResponse.parseFrom(Recordings.read("list-v1.bin"));
        try (FakeKubelet kubelet = kubelet()) {
            assertThat(devicesAfter(0)).isEqualTo(11);

            kubelet.die();
            assertThat(devicesAfter(10)).isEqualTo(11);
            assertThat(refresher.kubeletUp()).isFalse();

            kubelet.answers(FakeKubelet.LIST, new byte[0])
                    .answers(FakeKubelet.ALLOCATABLE, new byte[0])
                    .startAgain();
            assertThat(devicesAfter(10)).isEqualTo(11);
            assertThat(refresher.current().allocatable().orElseThrow().get("nvidia.com/gpu"))
                    .hasSize(6);

            for (int pods = 1; pods < all.getPodResourcesCount(); pods++) {
                kubelet.answers(
                        FakeKubelet.LIST,
                        ListPodResourcesResponse.newBuilder()
                                .addAllPodResources(all.getPodResourcesList().subList(0, pods))
                                .build());
                assertThat(devicesAfter(3)).isEqualTo(11);
            }
            kubelet.answers(FakeKubelet.LIST, new byte[0]);
            assertThat(devicesAfter(60)).isZero();
        }
    }

    @Test
    void keepsEveryOwnerThroughARestartBetweenTwoReadings() throws Exception {
        try (FakeKubelet kubelet = kubelet()) {
            assertThat(devicesAfter(0)).isEqualTo(11);
            kubelet.close();
            kubelet.answers(FakeKubelet.LIST, new byte[0]).startAgain();

            assertThat(devicesAfter(10)).isEqualTo(11);
            assertThat(refresher.kubeletUp()).isTrue();
        }
    }

    @Test
    void dropsTheOwnersOfAKubeletThatStaysAway() throws Exception {
        try (FakeKubelet kubelet = kubelet()) {
            assertThat(devicesAfter(0)).isEqualTo(11);
            kubelet.die();
            assertThat(devicesAfter(10)).isEqualTo(11);
            assertThat(devicesAfter(60)).isZero();
            kubelet.startAgain();
            assertThat(devicesAfter(10)).isEqualTo(11);
        }
    }

    private int devicesAfter(int seconds) {
        now = now.plusSeconds(seconds);
        refresher.refresh();
        return refresher.current().allocations().size();
    }

    private FakeKubelet kubelet() throws Exception {
        Path directory = Files.createDirectories(root.resolve("pod-resources"));
        return new FakeKubelet(directory.resolve("kubelet.sock"))
                .answers(FakeKubelet.LIST, Recordings.read("list-v1.bin"))
                .answers(FakeKubelet.ALLOCATABLE, Recordings.read("allocatable-v1.bin"));
    }
}
