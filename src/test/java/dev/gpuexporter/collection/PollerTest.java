package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.nvml.NvmlLoader;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.simulation.SimulatedNvml;
import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.InterceptedCall;
import dev.gpuexporter.testing.Log;
import dev.gpuexporter.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PollerTest {
    private static DeviceReading gpu(Snapshot snapshot, int index) {
        return snapshot.devices().get(index);
    }

    private static long threadsNamed(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }

    /** Not the one that asks how they stand to each other, which comes and goes. */
    private static long threadsOfGpus() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().matches("gpu-\\d+"))
                .count();
    }

    @Test
    void readsEveryGpuOfTheNode() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("h100x3"))) {
            Snapshot snapshot = node.awaitUp(3);

            assertThat(snapshot.isNvmlUp()).isTrue();
            assertThat(snapshot.models()).isEqualTo("3 × NVIDIA H100 80GB HBM3");
            assertThat(snapshot.devices()).extracting(DeviceReading::index).containsExactly(0, 1, 2);
            assertThat(snapshot.devices()).allSatisfy(device -> {
                assertThat(device.isUp()).isTrue();
                assertThat(device.value("gpu_memory_total_bytes")).hasValue(81559L * 1024 * 1024);
                assertThat(device.value("gpu_power_limit_watts", "default")).hasValue(700);
            });
        }
    }

    @Test
    void asksNothingTwiceInAPollAndReadsAllFieldValuesInOneCall() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(PolledNode.scenario("h200x2"), counted::in, MetricCatalog.all())) {
            node.awaitUp(2);
            node.awaitNext(); // by now whatever is not supported has said so
            double before = node.polls();
            counted.take();
            node.awaitNext();
            List<String> calls = counted.take();
            double polls = node.polls() - before;

            long readings = callsOf("nvmlDeviceGetPowerUsage(", calls);
            assertThat(readings).isPositive();
            assertThat(callsOf("nvmlDeviceGetFieldValues(", calls))
                    .isBetween(readings - 2, readings + 2); // two GPUs may be half read where the calls are taken
            calls.stream()
                    .collect(Collectors.groupingBy(call -> call, Collectors.counting()))
                    .forEach((call, times) -> assertThat(times).as(call).isLessThanOrEqualTo((long) polls + 1));
        }
    }

    private static long callsOf(String function, List<String> calls) {
        return calls.stream().filter(call -> call.startsWith(function)).count();
    }

    @Test
    void asksAgainOnlyForWhatIsSupported() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(PolledNode.scenario("t4"), counted::in, MetricCatalog.all())) {
            node.awaitUp(4);
            node.awaitNext();
            Set<String> atFirst = new HashSet<>(counted.take());
            node.awaitNext();
            node.awaitNext();

            assertThat(atFirst).anyMatch(call -> call.startsWith("nvmlDeviceGetMigMode("));
            assertThat(counted.take()).noneMatch(call -> call.startsWith("nvmlDeviceGetMigMode("));
        }
    }

    @Test
    void neverReadsAGroupThatIsOff() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(
                PolledNode.scenario("h200"),
                counted::in,
                MetricCatalog.all().stream()
                        .filter(metric -> metric.group() != Group.POWER && metric.group() != Group.ECC)
                        .toList())) {
            Snapshot snapshot =
                    node.await(polled -> polled.hasData() && gpu(polled, 0).isUp());

            assertThat(gpu(snapshot, 0).value("gpu_utilization_ratio")).isPresent();
            assertThat(counted.take())
                    .noneMatch(call -> call.contains("Power") || call.contains("Energy") || call.contains("Ecc"));
        }
    }

    @Test
    void leavesAHungGpusSiblingsWholeAndFresh() throws Exception {
        Eventually.holds("threads of earlier tests have ended", () -> threadsNamed("gpu-2") == 0);
        try (PolledNode node = PolledNode.of(PolledNode.scenario("hung-gpu"))) {
            node.awaitUp(4);

            node.clock.advance(Duration.ofSeconds(40)); // GPU 2 hangs from second 30 to 90
            Snapshot hung = node.awaitUp(3);
            assertThat(gpu(hung, 2).problem())
                    .hasValueSatisfying(why -> assertThat(why).startsWith("no answer within"));
            assertThat(gpu(hung, 2).samples()).isEmpty();
            assertThat(gpu(hung, 2).identity()).isPresent();

            node.clock.advance(Duration.ofSeconds(10));
            Snapshot later = node.awaitUp(3);
            assertThat(later.time()).isAfter(hung.time());
            assertThat(later.devices().stream().filter(DeviceReading::isUp))
                    .allSatisfy(device ->
                            assertThat(device.value("gpu_power_draw_watts")).isPresent());
            assertThat(gpu(later, 0).value("gpu_energy_joules_total").orElseThrow())
                    .isGreaterThan(gpu(hung, 0).value("gpu_energy_joules_total").orElseThrow());
            assertThat(threadsNamed("gpu-2")).isEqualTo(1); // none was started behind the one that hangs

            node.clock.advance(Duration.ofSeconds(60));
            node.await(snapshot -> gpu(snapshot, 2).isUp());
        }
    }

    /** The deadline of such a tick is after the next one. */
    @Test
    void noticesAHungGpuAtATickThatCameLate() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("hung-gpu"))) {
            node.awaitUp(4);
            node.delayTheNextTick(Duration.ofSeconds(40)); // GPU 2 hangs from second 30 to 90
            assertThat(gpu(node.awaitUp(3), 2).isUp()).isFalse();
        }
    }

    @Test
    void leavesALostGpuAloneForAWhileAndKeepsItsIdentity() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(PolledNode.scenario("lost-gpu"), counted::in, MetricCatalog.all())) {
            node.awaitUp(2);
            String uuid = gpu(node.poller.current(), 1).uuid();

            node.clock.advance(Duration.ofSeconds(31));
            Snapshot lost = node.await(snapshot -> !gpu(snapshot, 1).isUp());
            assertThat(gpu(lost, 1).uuid()).isEqualTo(uuid);
            assertThat(gpu(lost, 1).samples()).isEmpty();
            assertThat(gpu(lost, 1).problem())
                    .hasValueSatisfying(why -> assertThat(why).startsWith("GPU_IS_LOST from nvml"));
            assertThat(gpu(lost, 0).isUp()).isTrue();

            node.awaitNext();
            counted.take();
            node.awaitNext();
            assertThat(counted.take()).noneMatch(call -> call.equals("nvmlDeviceGetHandleByIndex_v2(1)"));
            node.clock.advance(DeviceHealth.RETRY);
            node.awaitNext();
            assertThat(counted.take()).contains("nvmlDeviceGetHandleByIndex_v2(1)");
        }
    }

    /** Time and again: from half a minute after the start on the GPU is lost. */
    @Test
    void asksALostGpuAgainThoughTheClockWasSetBack() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("lost-gpu"))) {
            node.awaitUp(2);
            node.clock.advance(Duration.ofSeconds(31));
            node.await(snapshot -> !gpu(snapshot, 1).isUp());

            node.clock.advance(Duration.ofSeconds(-21));
            Snapshot back = node.awaitUp(2);
            assertThat(back.time()).isEqualTo(SteppedClock.START.plusSeconds(10));
        }
    }

    @Test
    void opensNvmlAgainThoughTheClockWasSetBack() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("driver-gone"))) {
            node.awaitUp(2);
            node.clock.advance(Duration.ofSeconds(130)); // gone from minute 2 to 3
            node.await(snapshot -> !snapshot.isNvmlUp());
            node.awaitNext();

            node.clock.advance(Duration.ofMinutes(-2));
            node.await(Snapshot::isNvmlUp);
        }
    }

    @Test
    void aSnapshotFromTheFutureIsNoFreshOne() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("t4"))) {
            Snapshot snapshot = node.await(Snapshot::hasData);
            assertThat(node.poller.stop(Duration.ofSeconds(1))).isTrue();
            assertThat(node.poller.isFresh(snapshot)).isTrue();
            node.clock.advance(Duration.ofHours(-1));
            assertThat(node.poller.isFresh(snapshot)).isFalse();
        }
    }

    /** A worker's thread each, and nothing behind one that hangs, however long it does. */
    @Test
    void pilesUpNoThreadsWhileEveryGpuHangs() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("all-hung"))) {
            node.awaitUp(4);
            node.clock.advance(Duration.ofSeconds(40)); // all hang from second 30 to 90
            node.awaitUp(0);
            long threads = threadsOfGpus();
            double polls = node.polls();
            node.await(snapshot -> node.polls() >= polls + 30);
            assertThat(threadsOfGpus()).isLessThanOrEqualTo(threads);
            assertThat(node.poller.current().hasData()).isFalse();

            node.clock.advance(Duration.ofSeconds(60));
            node.awaitUp(4);
            assertThat(threadsOfGpus()).isLessThanOrEqualTo(threads);
        }
    }

    @Test
    void countsAGpuThatItMayNotSeeAsDown() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("no-permission"))) {
            Snapshot snapshot = node.await(polled -> polled.hasData()
                    && gpu(polled, 1)
                            .problem()
                            .equals(Optional.of("NO_PERMISSION from nvmlDeviceGetHandleByIndex_v2")));

            assertThat(gpu(snapshot, 0).isUp()).isTrue();
            assertThat(gpu(snapshot, 1).isUp()).isFalse();
            assertThat(gpu(snapshot, 1).identity()).isEmpty();
            assertThat(node.meters
                            .counter(
                                    "gpu_exporter_reading_errors_total",
                                    "reading",
                                    "nvmlDeviceGetHandleByIndex_v2",
                                    "code",
                                    "NO_PERMISSION")
                            .count())
                    .isEqualTo(1);
        }
    }

    @Test
    void letsGoOfADriverThatHasGoneAndReadsItAgainWhenItIsBack() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(PolledNode.scenario("driver-gone"), counted::in, MetricCatalog.all())) {
            String uuid = gpu(node.awaitUp(2), 0).uuid();

            node.clock.advance(Duration.ofSeconds(130)); // gone from minute 2 to 3
            Snapshot gone = node.await(snapshot -> !snapshot.isNvmlUp());
            assertThat(gone.hasData()).isFalse();
            assertThat(gone.devices()).extracting(DeviceReading::uuid).contains(uuid);
            node.awaitNext();
            assertThat(counted.take()).contains("nvmlShutdown()");

            node.clock.advance(Duration.ofSeconds(60));
            Snapshot back = node.awaitUp(2);
            assertThat(gpu(back, 0).uuid()).isEqualTo(uuid);
            assertThat(counted.take()).contains("nvmlInit_v2()");
            assertThat(node.needsNewProcess).isEmpty();
        }
    }

    @Test
    void saysOfEachGpuThatTheDriverHasGoneAndOfNoneThatItIsSilent() throws Exception {
        try (PolledNode node = PolledNode.of(PolledNode.scenario("driver-gone"))) {
            node.awaitUp(2);

            node.clock.advance(Duration.ofSeconds(130)); // gone from minute 2 to 3
            node.await(snapshot -> !snapshot.isNvmlUp());
            assertThat(node.awaitNext().devices()).hasSize(2).allSatisfy(device -> assertThat(device.problem())
                    .hasValueSatisfying(why -> assertThat(why).startsWith("DRIVER_NOT_LOADED from nvml")));
        }
    }

    @Test
    void keepsAGpuWhoseIndexAnotherHasTaken() throws Exception {
        ReplacedNvml replaced = new ReplacedNvml(
                new SimulatedNvml(new SimulatedNode(PolledNode.oneT4OfAnotherSeed(), () -> 0, SteppedClock.START)));
        try (PolledNode node = PolledNode.of(PolledNode.scenario("driver-gone"), replaced::in, MetricCatalog.all())) {
            Snapshot before = node.awaitUp(2);
            node.clock.advance(Duration.ofSeconds(130)); // gone from minute 2 to 3
            node.await(snapshot -> !snapshot.isNvmlUp());
            replaced.replace();
            node.clock.advance(Duration.ofSeconds(60));
            Snapshot after = node.awaitUp(1);

            assertThat(after.devices())
                    .filteredOn(DeviceReading::isUp)
                    .singleElement()
                    .satisfies(newcomer -> assertThat(newcomer.index()).isZero());
            assertThat(after.devices())
                    .filteredOn(device -> !device.isUp())
                    .extracting(DeviceReading::uuid)
                    .containsExactlyInAnyOrder(
                            gpu(before, 0).uuid(), gpu(before, 1).uuid());
            assertThat(after.devices()).extracting(DeviceReading::index).isSorted();
        }
    }

    @Test
    void saysWhatItLookedForWhereThereIsNoDriverAndKeepsLooking() throws Exception {
        AtomicBoolean there = new AtomicBoolean();
        try (PolledNode node = PolledNode.from(() -> {
            if (there.get()) {
                throw new IllegalStateException("the test is over");
            }
            return new NvmlLoader(Optional.of(Path.of("/nonexistent/driver"))).load();
        })) {
            Snapshot snapshot = node.await(found -> found.nvmlProblem()
                    .filter(why -> why.startsWith("NVML not found"))
                    .isPresent());

            assertThat(snapshot.nvmlProblem().orElseThrow())
                    .contains("no /nonexistent/driver")
                    .contains("no libnvidia-ml.so.1 on the loader's path");
            assertThat(snapshot.devices()).isEmpty();
        }
    }

    @Test
    void asksForANewProcessWhenTheLibraryIsNoLongerTheModules() throws Exception {
        String text = """
                gpus = [ { model = t4 } ]
                failures = [
                  { kind = driver-gone, from = 1m, until = 2m }
                  { kind = version-mismatch, from = 2m }
                ]
                """;
        Path file = java.nio.file.Files.createTempFile("mismatch", ".conf");
        java.nio.file.Files.writeString(file, text);
        try (PolledNode node = PolledNode.of(PolledNode.scenario(file.toString()))) {
            node.await(Snapshot::hasData);
            node.clock.advance(Duration.ofSeconds(90));
            node.await(snapshot -> !snapshot.isNvmlUp());
            assertThat(node.needsNewProcess).isEmpty();
            node.clock.advance(Duration.ofSeconds(60));
            node.await(snapshot -> !node.needsNewProcess.isEmpty());

            assertThat(node.needsNewProcess.get(0)).contains("LIB_RM_VERSION_MISMATCH from nvmlInit_v2");
        }
    }

    @Test
    void leavesNvmlAloneWhileACallHangsInside() throws Exception {
        CountedNvml counted = new CountedNvml();
        try (PolledNode node = PolledNode.of(PolledNode.scenario("hung-gpu"), counted::in, MetricCatalog.all())) {
            node.awaitUp(4);
            node.clock.advance(Duration.ofSeconds(40));
            node.await(snapshot -> !gpu(snapshot, 2).isUp());

            assertThat(node.poller.stop(Duration.ofMillis(200))).isFalse();
            assertThat(counted.take()).doesNotContain("nvmlShutdown()");
        }
    }

    /** What no driver answers: an exception of the exporter's own code in the middle of a reading. */
    @Test
    void aDefectOfTheExporterIsThatOfOneReadingAndSaidOnce() throws Exception {
        AtomicBoolean broken = new AtomicBoolean();
        AtomicInteger defects = new AtomicInteger();
        try (Log log = Log.of(DeviceWorker.class);
                PolledNode node = PolledNode.of(
                        PolledNode.scenario("h100x3"),
                        library -> InterceptedCall.intercepted(call -> {
                            if (broken.get() && call.isOf("nvmlDeviceGetPowerUsage")) {
                                defects.incrementAndGet();
                                throw new IllegalStateException("a defect");
                            }
                            return call.on(library);
                        }),
                        MetricCatalog.all())) {
            node.awaitUp(3);
            broken.set(true);
            node.awaitNext();
            for (int tries = 1; defects.get() < 9; tries++) {
                assertThat(tries).as("until three GPUs are read three times").isLessThan(30);
                node.clock.advance(DeviceHealth.RETRY);
                node.awaitNext();
            }
            assertThat(log.lines())
                    .containsExactlyInAnyOrder(
                            "ERROR GPU 0: reading it fails in the exporter itself; trying again",
                            "ERROR GPU 1: reading it fails in the exporter itself; trying again",
                            "ERROR GPU 2: reading it fails in the exporter itself; trying again");

            broken.set(false);
            node.clock.advance(DeviceHealth.RETRY);
            node.awaitUp(3);
        }
    }

    @Test
    void letsGoOfNvmlWhenItStops() throws Exception {
        CountedNvml counted = new CountedNvml();
        long hungInOtherTests = threadsNamed("gpu-0"); // such a call cannot be ended
        try (PolledNode node = PolledNode.of(PolledNode.scenario("t4"), counted::in, MetricCatalog.all())) {
            node.await(Snapshot::hasData);

            assertThat(node.poller.stop(Duration.ofSeconds(1))).isTrue();
            assertThat(counted.take()).contains("nvmlShutdown()");
            Eventually.holds("the GPU's thread has ended", () -> threadsNamed("gpu-0") <= hungInOtherTests);
        }
    }
}
