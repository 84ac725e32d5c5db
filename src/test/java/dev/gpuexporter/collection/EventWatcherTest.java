package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.InterceptedCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EventWatcherTest {
    @TempDir
    private Path directory;

    private static DeviceHistory history(PolledNode node, int gpu) {
        return node.poller.current().devices().get(gpu).history();
    }

    private static long xids(PolledNode node, int gpu, int xid) {
        return history(node, gpu).xids().getOrDefault(xid, Occurrences.NONE).count();
    }

    /** Waits of each set; a set is one GPU's. */
    private static Map<String, Long> waits(CountedNvml counted) {
        return counted.take().stream()
                .filter(call -> call.startsWith("nvmlEventSetWait_v2("))
                .collect(Collectors.groupingBy(call -> call.split(",")[0], Collectors.counting()));
    }

    private PolledNode nodeOf(String scenario) throws Exception {
        Path file = directory.resolve("node.conf");
        Files.writeString(file, scenario);
        return PolledNode.of(PolledNode.scenario(file.toString()));
    }

    @Test
    void countsEveryXidAndWhenItLastCame() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("xid"))) {
            node.awaitUp(4);
            node.clock.advance(Duration.ofSeconds(41));
            node.await(snapshot -> xids(node, 0, 13) == 1);
            node.clock.advance(Duration.ofSeconds(10));
            node.await(snapshot -> xids(node, 0, 13) == 2 && xids(node, 0, 888) == 1 && xids(node, 1, 119) == 1);

            assertThat(history(node, 0).xids().get(13).last()).contains(node.clock.instant());
            assertThat(xids(node, 3, 13)).isZero();
            assertThat(node.events)
                    .filteredOn(event -> event.xid().isPresent())
                    .extracting(event -> event.xid().getAsInt())
                    .containsExactlyInAnyOrder(13, 13, 888, 119);
            assertThat(node.events)
                    .allSatisfy(event -> assertThat(event.gpuInstance()).isEmpty());
        }
    }

    @Test
    void countsFromZeroWhatMattersFromTheFirstSnapshotOn() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("h200"))) {
            node.awaitUp(8);

            assertThat(history(node, 0).xids()).containsOnlyKeys(13, 48, 79);
            assertThat(history(node, 0).xids().values()).containsOnly(Occurrences.NONE);
            assertThat(history(node, 0).events())
                    .containsOnlyKeys(
                            "single_bit_ecc_error",
                            "double_bit_ecc_error",
                            "mig_config_change",
                            "gpu_unavailable",
                            "recovery_action_change");
        }
    }

    @Test
    void countsMemoryErrorsAmongTheOtherEvents() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("h200"))) {
            node.awaitUp(8);
            node.clock.advance(Duration.ofHours(3)); // each GPU has four a day or so
            node.await(snapshot -> snapshot.devices().stream()
                    .anyMatch(device -> device.history()
                                    .events()
                                    .get("single_bit_ecc_error")
                                    .count()
                            > 0));
            node.awaitUp(8);
            Eventually.holds("all are counted", () -> node.poller.current().devices().stream()
                    .allMatch(device -> device.history()
                                    .events()
                                    .get("single_bit_ecc_error")
                                    .count()
                            == device.value("gpu_ecc_volatile_errors_total", "corrected")
                                    .orElse(-1)));
        }
    }

    @Test
    void losesNoOtherGpuWithTheOneThatIsLost() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(PolledNode.scenario("xid"), counted::in, MetricCatalog.all())) {
            node.awaitUp(4);
            node.clock.advance(Duration.ofSeconds(56));
            node.await(snapshot -> xids(node, 2, 79) == 1 && xids(node, 0, 13) == 2);
            node.await(snapshot -> !snapshot.devices().get(2).isUp());

            assertThat(node.poller.current().devices().get(2).samples()).isEmpty();
            assertThat(history(node, 2).xids()).containsKeys(13, 48, 79);

            counted.take();
            Thread.sleep(1500); // the clock stands: the lost GPU's next try is a second away, and stays there
            assertThat(waits(counted))
                    .hasSize(3)
                    .allSatisfy((set, waits) -> assertThat(waits).as(set).isBetween(1L, 30L));
        }
    }

    @Test
    void restsLongerEachTimeWhereAWaitFailsAtOnceThenRecordsAnew() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(
                PolledNode.scenario("l40s"),
                library -> counted.in(answering(library, "nvmlEventSetWait_v2", NvmlReturn.UNKNOWN)),
                MetricCatalog.all())) {
            node.awaitUp(4);
            for (int seconds = 1; seconds <= 8; seconds *= 2) {
                Thread.sleep(1500); // each has failed by now, and rests as long as the clock stands
                counted.take();
                node.clock.advance(Duration.ofSeconds(seconds).minusMillis(1));
                Thread.sleep(1000);
                assertThat(waits(counted)).as("before %d s are over", seconds).isEmpty();
                node.clock.advance(Duration.ofMillis(1));
                Thread.sleep(1500);
                List<String> calls = counted.take();
                assertThat(calls)
                        .filteredOn(call -> call.startsWith("nvmlEventSetWait_v2("))
                        .as("after %d s", seconds)
                        .hasSizeBetween(4, 8);
                assertThat(calls.stream().anyMatch(call -> call.startsWith("nvmlEventSetFree(")))
                        .isEqualTo(seconds == 8);
                assertThat(calls.stream().anyMatch(call -> call.startsWith("nvmlDeviceRegisterEvents(")))
                        .isEqualTo(seconds == 8);
            }
        }
    }

    @Test
    void doesNotSpinWhereAWaitEndsEarly() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(
                PolledNode.scenario("t4"),
                library -> counted.in(answering(library, "nvmlEventSetWait_v2", NvmlReturn.TIMEOUT)),
                MetricCatalog.all())) {
            node.awaitUp(4);
            counted.take();
            Thread.sleep(3000);
            assertThat(waits(counted)).hasSize(4).allSatisfy((set, waits) -> assertThat(waits)
                    .isBetween(1L, 6L));
        }
    }

    @Test
    void recordsAnewWhenTheDriverIsBack() throws Exception {
        try (PolledNode node = nodeOf("""
                gpus = [ { model = t4 } ]
                failures = [
                  { kind = xid, gpu = 0, from = 10s, xid = 13 }
                  { kind = driver-gone, from = 1m, until = 2m }
                  { kind = xid, gpu = 0, from = 3m, xid = 13 }
                ]
                """)) {
            node.awaitUp(1);
            node.clock.advance(Duration.ofSeconds(11));
            node.await(snapshot -> xids(node, 0, 13) == 1);
            node.clock.advance(Duration.ofSeconds(60));
            node.await(snapshot -> !snapshot.isNvmlUp());
            assertThat(xids(node, 0, 13))
                    .as("counts stay while nobody can be asked")
                    .isEqualTo(1);
            node.clock.advance(Duration.ofSeconds(60));
            node.awaitUp(1);
            node.clock.advance(Duration.ofSeconds(60));
            node.await(snapshot -> xids(node, 0, 13) == 2);
        }
    }

    @Test
    void recordsAnewWhenALostGpuIsBackAndCountsNothingTwice() throws Exception {
        try (PolledNode node = nodeOf("""
                gpus = [ { model = t4, count = 2 } ]
                failures = [
                  { kind = lost, gpu = 1, from = 10s, until = 20s, xid = 79 }
                  { kind = xid, gpu = 1, from = 2m, xid = 48 }
                ]
                """)) {
            node.awaitUp(2);
            node.clock.advance(Duration.ofSeconds(11));
            node.await(snapshot -> xids(node, 1, 79) == 1);
            node.await(snapshot -> !snapshot.devices().get(1).isUp());
            node.clock.advance(DeviceHealth.RETRY);
            node.awaitUp(2);
            Thread.sleep(1500); // its old set is emptied, and it is recorded anew
            node.clock.advance(Duration.ofMinutes(2));
            node.await(snapshot -> xids(node, 1, 48) == 1);
            assertThat(xids(node, 1, 79)).isEqualTo(1);
            assertThat(node.events).extracting(event -> event.xid().orElse(0)).containsExactly(79, 48);
        }
    }

    @Test
    void holdsUpNoPollWhileAWaitHangs() throws Exception {
        try (PolledNode node = nodeOf("""
                gpus = [ { model = t4, count = 2 } ]
                failures = [ { kind = hang, gpu = all, function = nvmlEventSetWait_v2, from = 10s, until = 1h } ]
                """)) {
            node.awaitUp(2);
            node.clock.advance(Duration.ofSeconds(11));
            Thread.sleep(1500); // by now the watcher has gone in
            node.clock.advance(Duration.ofSeconds(10));
            node.awaitUp(2);

            assertThat(node.poller.stop(Duration.ofMillis(500)))
                    .as("NVML is left alone")
                    .isFalse();
        }
    }

    @Test
    void hasNoThreadAndAsksForNothingWhereEventsAreOff() throws Exception {
        CountedNvml counted = new CountedNvml();
        long before = watchers();
        try (PolledNode node = PolledNode.of(
                PolledNode.scenario("xid"),
                counted::in,
                MetricCatalog.all().stream()
                        .filter(metric -> metric.group() != Group.EVENTS)
                        .toList())) {
            node.awaitUp(4);

            assertThat(watchers()).isLessThanOrEqualTo(before);
            assertThat(counted.take()).noneMatch(call -> call.matches(".*(EventSet|RegisterEvents|EventTypes).*"));
            assertThat(history(node, 0).xids()).isEmpty();
            assertThat(history(node, 0).events()).isEmpty();
        }
    }

    @Test
    void saysNothingOfAGpuThatTellsOfNothing() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("no-events"))) {
            node.awaitUp(1);
            assertThat(history(node, 0).xids()).isEmpty();
            assertThat(history(node, 0).events()).isEmpty();
        }
    }

    @Test
    void readsAGpuAtOnceWhenItIsCutUpAnew() throws Exception {
        Duration anHour = Duration.ofHours(1);
        try (PolledNode node = PolledNode.every(anHour, PolledNode.scenario("mig-reconfigured"))) {
            Snapshot before = node.await(Snapshot::hasData);
            int parts = before.devices().get(0).mig().size();
            node.clock.advance(Duration.ofMinutes(30));
            Snapshot after = node.await(snapshot ->
                    history(node, 0).events().get("mig_config_change").count() > 0);
            assertThat(after.time()).isAfter(before.time());
            assertThat(after.devices().get(0).mig())
                    .isNotEqualTo(before.devices().get(0).mig());
            assertThat(parts).isPositive();
        }
    }

    private static long watchers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("events"))
                .count();
    }

    /** A library one of whose functions answers the same at once. */
    private static NvmlLibrary answering(NvmlLibrary library, String function, NvmlReturn code) {
        return InterceptedCall.intercepted(call -> call.isOf(function) ? code.code() : call.on(library));
    }
}
