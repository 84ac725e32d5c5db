package dev.gpuexporter.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Log;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkloadRefresherTest {
    private static final Instant START = Instant.parse("2026-11-22T12:03:20Z");
    private static final String A = "GPU-00000000-0000-0000-0000-00000000000a";
    private static final String B = "GPU-00000000-0000-0000-0000-00000000000b";

    private final Log log = Log.of(WorkloadRefresher.class);
    private Instant now = START;
    private Answer answer = () -> list(1);
    private WorkloadRefresher refresher;

    private interface Answer {
        PodResourcesAnswer give() throws KubeletException;
    }

    @BeforeEach
    void start() {
        refresher = refresher(() -> answer.give(), Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        refresher.close();
        log.close();
    }

    private WorkloadRefresher refresher(PodResourcesSource source, Duration interval) {
        return new WorkloadRefresher(
                source, GpuResources.byForm(), interval, Duration.ofSeconds(60), () -> now, () -> {});
    }

    @Test
    void knowsNobodyBeforeTheFirstAnswer() {
        assertThat(refresher.current().allocations()).isEmpty();
        assertThat(refresher.current().readAt()).isEqualTo(Instant.EPOCH);
        assertThat(refresher.kubeletUp()).isFalse();
    }

    @Test
    void publishesWhatTheKubeletSays() {
        answer = () -> list(1, held(A, "train"));
        refresher.refresh();

        assertThat(refresher.current().allocations()).containsExactly(held(A, "train"));
        assertThat(refresher.current().readAt()).isEqualTo(START);
        assertThat(refresher.kubeletUp()).isTrue();
    }

    @Test
    void letsAFinishedPodGoWhileTheKubeletIsSteady() {
        after(0, () -> list(1, held(A, "train"), held(B, "test")));
        after(10, () -> list(1, held(B, "test")));

        assertThat(refresher.current().allocations()).containsExactly(held(B, "test"));
    }

    @Test
    void keepsADevicesOwnerWhileTheKubeletRestarts() {
        after(0, () -> list(1, held(A, "train"), held(B, "test")));
        after(10, WorkloadRefresherTest::unavailable);
        after(10, () -> list(2));
        assertThat(refresher.current().allocations()).containsExactly(held(B, "test"), held(A, "train"));

        after(10, () -> list(2, held(B, "test")));
        assertThat(refresher.current().allocations()).containsExactly(held(B, "test"), held(A, "train"));

        after(49, () -> list(2, held(B, "test")));
        assertThat(refresher.current().allocations()).containsExactly(held(B, "test"), held(A, "train"));

        after(1, () -> list(2, held(B, "test")));
        assertThat(refresher.current().allocations()).containsExactly(held(B, "test"));
    }

    @Test
    void keepsOwnersThroughARestartThatNoCallFailedIn() {
        after(0, () -> list(1, held(A, "train")));
        after(10, () -> list(2));

        assertThat(refresher.current().allocations()).containsExactly(held(A, "train"));
        assertThat(refresher.kubeletUp()).isTrue();
    }

    @Test
    void givesADeviceToItsNewOwnerAtOnceEvenThen() {
        after(0, () -> list(1, held(A, "train"), held(B, "test")));
        after(10, () -> list(2, held(A, "next")));

        assertThat(refresher.current().allocations()).containsExactly(held(A, "next"), held(B, "test"));
    }

    @Test
    void believesTheRestartedKubeletInWhatItHasListedOnce() {
        after(0, () -> list(1, held(A, "train")));
        after(10, () -> list(2, held(A, "train")));
        after(10, () -> list(2));

        assertThat(refresher.current().allocations()).isEmpty();
    }

    @Test
    void doesNotKeepOwnersForEverWhileTheKubeletRestartsAgainAndAgain() {
        after(0, () -> list(1, held(A, "train")));
        for (int restart = 2; restart < 6; restart++) {
            long connection = restart;
            after(10, WorkloadRefresherTest::unavailable);
            after(10, () -> list(connection));
        }

        assertThat(refresher.current().allocations()).isEmpty();
    }

    @Test
    void keepsTheOtherSharersOfAGpuThatIsListedInPart() {
        after(0, () -> list(1, held(A + "::0", "one"), held(A + "::1", "two")));
        after(10, () -> list(2, held(A + "::1", "three")));

        assertThat(refresher.current().allocations()).containsExactly(held(A + "::0", "one"), held(A + "::1", "three"));
    }

    @Test
    void endsAllSharesOfAGpuThatIsGivenWholeAndTheOtherWayRound() {
        after(0, () -> list(1, held(A + "::0", "one"), held(B, "two")));
        after(10, () -> list(2, held(A, "three"), held(B + "::0", "four")));

        assertThat(refresher.current().allocations()).containsExactly(held(B + "::0", "four"), held(A, "three"));
    }

    @Test
    void doesNotTakeTheSameNumberOfTwoResourcesForOneDevice() {
        Allocation gpu = new Allocation(new Workload("ns", "train", "main"), "nvidia.com/gpu", DeviceId.parse("0"));
        Allocation card = new Allocation(new Workload("ns", "net", "main"), "acme/net", DeviceId.parse("0"));
        after(0, () -> list(1, gpu));
        after(10, () -> list(2, card));

        assertThat(refresher.current().allocations()).containsExactly(gpu);
    }

    @Test
    void letsTheLastMapStandForAMinuteWithoutAnswersAndThenDropsIt() {
        after(0, () -> list(1, held(A, "train")));
        after(10, WorkloadRefresherTest::unavailable);
        after(59, WorkloadRefresherTest::unavailable);
        assertThat(refresher.current().allocations()).containsExactly(held(A, "train"));
        assertThat(refresher.kubeletUp()).isFalse();

        after(1, WorkloadRefresherTest::unavailable);
        assertThat(refresher.current().allocations()).isEmpty();
        assertThat(refresher.current().readAt()).isEqualTo(START);

        after(1, () -> list(2));
        assertThat(refresher.current().allocations()).isEmpty();
        assertThat(refresher.kubeletUp()).isTrue();
    }

    @Test
    void knowsNobodyWhileTheKubeletIsDownForAnHourAndThenWhoIsThere() {
        after(0, () -> list(1, held(A, "train")));
        for (int minute = 0; minute < 60; minute++) {
            after(60, WorkloadRefresherTest::unavailable);
            assertThat(refresher.current().allocations().isEmpty()).isEqualTo(minute > 0);
            assertThat(refresher.kubeletUp()).isFalse();
        }
        after(10, () -> list(2, held(B, "test")));
        assertThat(refresher.current().allocations()).containsExactly(held(B, "test"));
        assertThat(refresher.kubeletUp()).isTrue();
        assertThat(log.lines()).as("answers, silent, forgotten, answers again").hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void letsTheMapStandNoLongerWhereTheClockIsSetBack() {
        after(0, () -> list(1, held(A, "train")));
        after(10, WorkloadRefresherTest::unavailable);
        after(-3600, WorkloadRefresherTest::unavailable);
        assertThat(refresher.current().allocations()).containsExactly(held(A, "train"));
        after(60, WorkloadRefresherTest::unavailable);
        assertThat(refresher.current().allocations()).isEmpty();
    }

    @Test
    void keepsOwnersThroughARestartNoLongerWhereTheClockIsSetBack() {
        after(0, () -> list(1, held(A, "train")));
        after(10, () -> list(2));
        after(-3600, () -> list(2));
        assertThat(refresher.current().allocations()).containsExactly(held(A, "train"));
        after(60, () -> list(2));
        assertThat(refresher.current().allocations()).isEmpty();
    }

    @Test
    void keepsTheMapOfAKubeletThatIsAskedTooOften() {
        after(0, () -> list(1, held(A, "train"), held(B, "test")));
        after(10, WorkloadRefresherTest::rateLimited);
        assertThat(refresher.current().allocations()).hasSize(2);
        assertThat(refresher.kubeletUp()).isTrue();

        after(10, () -> list(1, held(A, "train")));
        assertThat(refresher.current().allocations()).containsExactly(held(A, "train"));
    }

    @Test
    void keepsTheStockOfPluginsThatHaveNotRegisteredAgain() {
        after(0, () -> stock(1, Map.of("nvidia.com/gpu", Set.of(A, B), "acme/net", Set.of("0"))));
        after(10, () -> stock(2, Map.of()));
        assertThat(refresher.current().stock()).containsEntry("nvidia.com/gpu", new Stock(OptionalInt.of(2), 0));

        after(10, () -> stock(2, Map.of("nvidia.com/gpu", Set.of(A))));
        assertThat(refresher.current().stock()).containsEntry("nvidia.com/gpu", new Stock(OptionalInt.of(1), 0));
        assertThat(refresher.current().otherStock()).containsEntry("acme/net", new Stock(OptionalInt.of(1), 0));

        after(50, () -> stock(2, Map.of("nvidia.com/gpu", Set.of(A))));
        assertThat(refresher.current().otherStock()).isEmpty();
    }

    @Test
    void keepsTheStockForAMinuteWhenOnlyThatQuestionFails() {
        after(0, () -> stock(1, Map.of("nvidia.com/gpu", Set.of(A, B))));
        after(10, () -> list(1));
        after(59, () -> list(1));
        assertThat(refresher.current().allocatable()).isPresent();

        after(1, () -> list(1));
        assertThat(refresher.current().allocatable()).isEmpty();
    }

    @Test
    void survivesASourceThatThrowsAnything() {
        after(0, () -> list(1, held(A, "train")));
        after(10, () -> {
            throw new IllegalStateException("odd");
        });
        after(10, () -> {
            throw new OutOfMemoryError("large");
        });

        assertThat(refresher.current().allocations()).hasSize(1);
        assertThat(refresher.kubeletUp()).isFalse();
        assertThat(log.lines()).hasSize(2);
    }

    @Test
    void saysOnceWhatHasChanged() {
        after(0, () -> list(1, held(A, "train")));
        after(10, () -> list(1, held(A, "train")));
        for (int failure = 0; failure < 20; failure++) {
            after(10, failure % 2 == 0 ? WorkloadRefresherTest::unavailable : WorkloadRefresherTest::rateLimited);
        }
        after(20, () -> list(2, held(A, "train")));
        after(10, () -> list(2, held(A, "train")));

        String read = DateTimeFormatter.ofPattern("HH:mm:ss")
                .format(START.plusSeconds(10).atZone(ZoneId.systemDefault()));
        assertThat(log.lines())
                .containsExactly(
                        "INFO kubelet: answers; GPU devices in the hands of containers: 1",
                        "WARN kubelet: no answer from /k.sock (UNAVAILABLE); the map of " + read + " stands for 60 s",
                        "WARN kubelet: no answer from /k.sock (RESOURCE_EXHAUSTED); the map of " + read
                                + " stands for 50 s",
                        "WARN kubelet: no answer from /k.sock (UNAVAILABLE); the map of " + read
                                + " is dropped, no device has an owner until it answers",
                        "INFO kubelet: answers again after 3 min 40 s; GPU devices in the hands of containers: 1");
    }

    @Test
    void saysOnceThatThereIsNoKubelet() {
        for (int failure = 0; failure < 20; failure++) {
            after(10, WorkloadRefresherTest::unavailable);
        }

        assertThat(log.lines())
                .containsExactly(
                        "WARN kubelet: no answer from /k.sock (UNAVAILABLE); no device has an owner until it answers");
    }

    @Test
    void refreshesByItselfAndNeverFasterThanOnceASecond() throws Exception {
        AtomicInteger readings = new AtomicInteger();
        CountDownLatch second = new CountDownLatch(2);
        WorkloadRefresher own = refresher(
                () -> {
                    readings.incrementAndGet();
                    second.countDown();
                    throw new IllegalStateException("odd");
                },
                Duration.ofMillis(1));
        long start = System.nanoTime();
        own.start();

        assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofMillis(900).toNanos());
        assertThat(readings).hasValue(2);
        own.close();
    }

    @Test
    void closesItsSourceAndSaysNothingOfTheCallItInterrupts() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        WorkloadRefresher own = refresher(
                new PodResourcesSource() {
                    @Override
                    public PodResourcesAnswer read() throws KubeletException {
                        asked.countDown();
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException stop) {
                            interrupted.countDown();
                        }
                        throw new KubeletException("CANCELLED", "interrupted");
                    }

                    @Override
                    public void close() {
                        closed.countDown();
                    }
                },
                Duration.ofSeconds(10));
        own.start();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        own.close();

        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(log.lines()).isEmpty();
    }

    private void after(int seconds, Answer next) {
        now = now.plusSeconds(seconds);
        answer = next;
        refresher.refresh();
    }

    private static Allocation held(String id, String pod) {
        return new Allocation(new Workload("ns", pod, "main"), "nvidia.com/gpu", DeviceId.parse(id));
    }

    private static PodResourcesAnswer list(long connection, Allocation... allocations) {
        return new PodResourcesAnswer(Arrays.asList(allocations), Optional.empty(), connection);
    }

    private static PodResourcesAnswer stock(long connection, Map<String, Set<String>> ids) {
        Map<String, Set<DeviceId>> devices = new HashMap<>();
        ids.forEach((resource, texts) ->
                devices.put(resource, texts.stream().map(DeviceId::parse).collect(Collectors.toSet())));
        return new PodResourcesAnswer(List.of(), Optional.of(devices), connection);
    }

    private static PodResourcesAnswer unavailable() throws KubeletException {
        throw new KubeletException("UNAVAILABLE", "no answer from /k.sock (UNAVAILABLE)");
    }

    private static PodResourcesAnswer rateLimited() throws KubeletException {
        throw new KubeletException("RESOURCE_EXHAUSTED", "no answer from /k.sock (RESOURCE_EXHAUSTED)");
    }
}
