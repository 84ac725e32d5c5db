package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.InterceptedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which GPUs reach each other: asked apart from the polls. */
@Timeout(120)
class PeersTest {
    private static final String CALL = "nvmlDeviceGetP2PStatus";

    private static List<Sample> peers(Snapshot snapshot, int gpu) {
        return snapshot.devices().get(gpu).samples().stream()
                .filter(sample -> sample.metric().name().equals("gpu_nvlink_p2p_status"))
                .toList();
    }

    /** Of all; a busy machine may get some GPUs read before the others. */
    private static boolean areKnown(Snapshot snapshot) {
        int others = snapshot.devices().size() - 1;
        return others > 0
                && snapshot.devices().stream()
                        .allMatch(gpu -> peers(snapshot, gpu.index()).size() == others);
    }

    @Test
    void everyGpuTellsOfEveryOther() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("h200x4"))) {
            Snapshot snapshot = node.await(PeersTest::areKnown);
            for (int gpu = 0; gpu < 4; gpu++) {
                int self = gpu;
                List<DeviceReading> others = snapshot.devices().stream()
                        .filter(other -> other.index() != self)
                        .toList();
                assertThat(peers(snapshot, gpu))
                        .extracting(Sample::labels)
                        .containsExactlyElementsOf(others.stream()
                                .map(other -> List.of(Integer.toString(other.index()), other.uuid()))
                                .toList());
                assertThat(peers(snapshot, gpu)).extracting(Sample::value).containsOnly(0.0);
            }
        }
    }

    /** GPU 3 has no NVLink. */
    @Test
    void saysWhyAGpuDoesNotReachAnother() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("link-trouble"))) {
            Snapshot snapshot = node.await(PeersTest::areKnown);
            assertThat(peers(snapshot, 0)).extracting(Sample::value).containsExactly(0.0, 0.0, 5.0);
            assertThat(peers(snapshot, 3)).extracting(Sample::value).containsOnly(5.0);
        }
    }

    @Test
    void asksOnceAMinute() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(PolledNode.scenario("h200x2"), counted::in, MetricCatalog.all())) {
            node.await(PeersTest::areKnown);
            node.clock.advance(Duration.ofSeconds(59));
            node.awaitUp(2);
            node.awaitNext();
            assertThat(counted.take()).filteredOn(call -> call.startsWith(CALL)).hasSize(2);
            node.clock.advance(Duration.ofSeconds(1));
            List<String> asked = new ArrayList<>();
            Eventually.holds("they are asked again", () -> {
                counted.take().stream().filter(call -> call.startsWith(CALL)).forEach(asked::add);
                return asked.size() >= 2;
            });
            node.awaitNext();
            assertThat(asked).hasSize(2);
            assertThat(counted.take()).noneMatch(call -> call.startsWith(CALL));
        }
    }

    @Test
    void nobodyIsAskedWhereNobodyWantsToKnow() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(
                PolledNode.scenario("h200x2"),
                counted::in,
                MetricCatalog.all().stream()
                        .filter(metric -> metric.group() != Group.P2P)
                        .toList())) {
            node.awaitUp(2);
            node.awaitNext();
            assertThat(counted.take()).noneMatch(call -> call.startsWith(CALL));
        }
    }

    /** As a list of DCGM's fields may change. */
    @Test
    void whatNobodyWantsToKnowAnyMoreIsNotToldOnTheNextPage() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("h200x2"))) {
            node.await(PeersTest::areKnown);
            node.poller.read(MetricCatalog.all().stream()
                    .filter(metric -> metric.group() != Group.P2P)
                    .toList());
            node.awaitNext();
            Snapshot snapshot = node.awaitUp(2);
            assertThat(peers(snapshot, 0)).isEmpty();
            assertThat(peers(snapshot, 1)).isEmpty();
        }
    }

    @Test
    void whoIsAloneHasNoPeers() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(PolledNode.scenario("h200x1"), counted::in, MetricCatalog.all())) {
            node.awaitUp(1);
            node.awaitNext();
            assertThat(counted.take()).noneMatch(call -> call.startsWith(CALL));
        }
    }

    /** At once, though it was told half a minute ago. */
    @Test
    void aGpuThatIsLostIsNobodysPeer() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("lost-gpu"))) {
            node.await(PeersTest::areKnown);
            node.clock.advance(Duration.ofSeconds(31));
            Snapshot lost = node.awaitUp(1);
            assertThat(peers(lost, 0)).isEmpty();
            assertThat(peers(lost, 1)).isEmpty();
        }
    }

    @Test
    void whatIsToldIsForgottenWithTheDriver() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("driver-gone"))) {
            node.await(PeersTest::areKnown);
            node.clock.advance(Duration.ofSeconds(121));
            assertThat(peers(node.await(snapshot -> !snapshot.isNvmlUp()), 0)).isEmpty();
            node.clock.advance(Duration.ofSeconds(70));
            node.await(snapshot -> snapshot.isNvmlUp() && areKnown(snapshot));
        }
    }

    /** It was asked while the driver was there, and answers when that has gone. */
    @Test
    void whatIsToldTooLateIsForgottenToo() throws Exception {
        Semaphore answers = new Semaphore(3); // a round of two, and half a round
        try (PolledNode node = PolledNode.of(
                PolledNode.scenario("driver-gone"), library -> after(library, answers::acquire), MetricCatalog.all())) {
            node.await(PeersTest::areKnown);
            node.clock.advance(Duration.ofSeconds(100));
            Eventually.holds("the second answer is waited for", answers::hasQueuedThreads);
            node.clock.advance(Duration.ofSeconds(30)); // gone from minute 2 to 3
            node.await(snapshot -> !snapshot.isNvmlUp());
            answers.release();
            node.clock.advance(Duration.ofSeconds(60));
            assertThat(peers(node.awaitUp(2), 0)).isEmpty();
        } finally {
            answers.release(1000);
        }
    }

    /** A call that never returns costs what it would have told, in time, and no GPU its readings. */
    @Test
    void aCallThatHangsHoldsUpNobody() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(
                PolledNode.scenario("h200x4"),
                library -> counted.in(hanging(library, hangs, released)),
                MetricCatalog.all())) {
            hangs.await();
            for (int minute = 0; minute < 4; minute++) {
                node.clock.advance(Duration.ofMinutes(1));
                Snapshot snapshot = node.awaitUp(4);
                assertThat(snapshot.devices()).allSatisfy(gpu -> assertThat(gpu.value("gpu_power_draw_watts"))
                        .isPresent());
                assertThat(peers(snapshot, 0)).isEmpty();
            }
            assertThat(counted.take())
                    .as("nothing is started behind it")
                    .filteredOn(call -> call.startsWith(CALL))
                    .hasSize(1);
            released.countDown();
            node.clock.advance(Duration.ofMinutes(1));
            node.awaitUp(4);
            node.clock.advance(Duration.ofMinutes(1));
            assertThat(peers(node.await(PeersTest::areKnown), 0)).hasSize(3);
        } finally {
            released.countDown();
        }
    }

    @Test
    void leavesNvmlAloneWhileSuchACallHangs() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(
                PolledNode.scenario("h200x2"),
                library -> counted.in(hanging(library, hangs, released)),
                MetricCatalog.all())) {
            hangs.await();
            long begun = System.nanoTime();
            assertThat(node.poller.stop(Duration.ofMillis(300))).isFalse();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
            assertThat(counted.take()).doesNotContain("nvmlShutdown()");
        } finally {
            released.countDown();
        }
    }

    @Test
    void whatIsOldIsNotShown() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch before = new CountDownLatch(2); // the first round is answered
        try (PolledNode node = PolledNode.of(
                PolledNode.scenario("h200x2"),
                library -> through(library, () -> {
                    before.countDown();
                    if (before.getCount() == 0 && hangs.getCount() == 0) {
                        released.await();
                    }
                }),
                MetricCatalog.all())) {
            node.await(PeersTest::areKnown);
            hangs.countDown();
            node.clock.advance(Duration.ofMinutes(3).minusSeconds(1));
            assertThat(peers(node.awaitUp(2), 0)).hasSize(1);
            node.clock.advance(Duration.ofSeconds(1));
            assertThat(peers(node.awaitUp(2), 0)).isEmpty();
        } finally {
            released.countDown();
        }
    }

    private static NvmlLibrary hanging(NvmlLibrary library, CountDownLatch hangs, CountDownLatch released) {
        return through(library, () -> {
            hangs.countDown();
            released.await();
        });
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    /** Before each call that concerns two GPUs something else is done. */
    private static NvmlLibrary through(NvmlLibrary library, Step first) {
        return around(library, first, () -> {});
    }

    /** After each such call. */
    private static NvmlLibrary after(NvmlLibrary library, Step last) {
        return around(library, () -> {}, last);
    }

    private static NvmlLibrary around(NvmlLibrary library, Step first, Step last) {
        return InterceptedCall.intercepted(call -> {
            if (!call.isOf(CALL)) {
                return call.on(library);
            }
            first.run();
            try {
                return call.on(library);
            } finally {
                last.run();
            }
        });
    }
}
