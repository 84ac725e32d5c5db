package dev.gpuexporter.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.metrics.MigPart;
import dev.gpuexporter.metrics.Sample;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.testing.InterceptedCall;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MigReadingTest {
    private static final double MIB = 1024 * 1024;

    /** By hand from NVIDIA's table for the H100. */
    private static final Map<String, Double> MEBIBYTES =
            Map.of("1g.10gb", 9984.0, "2g.20gb", 20096.0, "3g.40gb", 40448.0, "4g.40gb", 40448.0);

    private static final Set<String> BEFORE = Set.of("3g.40gb on 1", "2g.20gb on 5", "1g.10gb on 13");
    private static final Set<String> AFTER = Set.of("4g.40gb on 1", "1g.10gb on 12", "1g.10gb on 13");

    private static Set<String> parts(DeviceReading reading) {
        return reading.mig().stream()
                .map(part -> part.profile() + " on " + part.gpuInstance())
                .collect(Collectors.toSet());
    }

    @Test
    void followsAReconfigurationUnderWay() throws NvmlException {
        ReadNode gpu = ReadNode.of("mig-reconfigured");
        assertThat(parts(gpu.read(0))).isEqualTo(BEFORE);
        gpu.pass(Duration.ofSeconds(61));
        assertThat(parts(gpu.read(0))).containsExactly("1g.10gb on 13");
        gpu.pass(Duration.ofSeconds(5));
        assertThat(parts(gpu.read(0))).isEqualTo(AFTER);
        gpu.pass(Duration.ofSeconds(60));
        DeviceReading uncut = gpu.read(0);
        assertThat(uncut.mig()).isEmpty();
        assertThat(uncut.value("gpu_mig_enabled")).hasValue(1);
        assertThat(uncut.isUp()).isTrue();
    }

    /** The change comes before the first call of a poll, before the second, and so on through all of them. */
    @Test
    void neverShowsAProfileUnderAnothersUuidWhereverInAPollTheChangeComes() throws NvmlException {
        Scenario scenario = PolledNode.scenario("mig-reconfigured");
        Set<String> identities = new HashSet<>();
        int calls = 1;
        for (int at = 0; at < calls; at++) {
            ChangingNvml changing = new ChangingNvml();
            ReadNode gpu = ReadNode.of(scenario, changing::in);
            gpu.pass(Duration.ofSeconds(59));
            gpu.read(0);
            changing.afterCalls(at, () -> gpu.pass(Duration.ofSeconds(10)));
            DeviceReading reading = gpu.read(0);
            calls = changing.calls;
            assertThat(reading.isUp()).isTrue();
            assertThat(parts(reading)).isSubsetOf(union(BEFORE, AFTER)).contains("1g.10gb on 13");
            for (MigPart part : reading.mig()) {
                assertThat(reading.value(part, "gpu_mig_memory_total_bytes").orElse(0) / MIB)
                        .as("memory of a %s when the change comes at call %d", part.profile(), at)
                        .isEqualTo(MEBIBYTES.get(part.profile()));
            }
            assertThat(reading.samples().stream().flatMap(sample -> sample.mig().stream()))
                    .isSubsetOf(reading.mig());
            assertThat(parts(gpu.read(0))).isEqualTo(AFTER);
            gpu.read(0).mig().forEach(part -> identities.add(part.uuid() + part.profile()));
            gpu.release(0);
        }
        assertThat(calls).isGreaterThan(50);
        assertThat(identities).hasSize(3);
    }

    @Test
    void asksNothingOfMigWhereItIsOffOrThereIsNone() throws NvmlException {
        for (String model : List.of("h100", "t4")) {
            CountedNvml counted = new CountedNvml();
            ReadNode gpu = ReadNode.of(PolledNode.scenario(model), counted::in);
            gpu.read(0);
            gpu.read(0);
            assertThat(counted.take())
                    .noneMatch(
                            call -> call.contains("MaxMig") || call.contains("MigDevice") || call.contains("GpmMig"));
        }
    }

    @Test
    void asksNothingTwiceInAPoll() throws NvmlException, InterruptedException {
        CountedNvml counted = new CountedNvml();
        ReadNode gpu = ReadNode.of(PolledNode.scenario("mig-split"), counted::in);
        gpu.read(0);
        gpu.afterRealTime(Duration.ofSeconds(5), 0);
        counted.take();
        gpu.afterRealTime(Duration.ofSeconds(5), 0);
        List<String> calls = counted.take();
        // Whose a handle is, is asked before and after it is used.
        assertThat(calls.stream().filter(call -> !call.startsWith("nvmlDeviceGetUUID") && !call.contains("Gpm")))
                .doesNotHaveDuplicates();
        assertThat(count(calls, "nvmlDeviceGetUUID")).isEqualTo(2 * 5);
        assertThat(count(calls, "nvmlDeviceGetMemoryInfo_v2")).isEqualTo(1 + 3);
        assertThat(count(calls, "nvmlGpmMigSampleGet")).isEqualTo(3);
        assertThat(count(calls, "nvmlGpmMetricsGet")).isEqualTo(3);
        assertThat(count(calls, "nvmlDeviceGetAttributes_v2")).isZero();
    }

    @Test
    void givesBackTheSamplesOfDevicesThatAreGone() throws NvmlException, InterruptedException {
        CountedNvml counted = new CountedNvml();
        ReadNode gpu = ReadNode.of(PolledNode.scenario("mig-reconfigured"), counted::in);
        gpu.read(0);
        gpu.afterRealTime(Duration.ofSeconds(59), 0);
        gpu.afterRealTime(Duration.ofSeconds(2), 0);
        List<String> calls = counted.take();
        // Two for each of three, and one for the GPU itself, which says only then that it has none in MIG mode.
        assertThat(count(calls, "nvmlGpmSampleAlloc")).isEqualTo(2 * 3 + 1);
        assertThat(count(calls, "nvmlGpmSampleFree")).isEqualTo(2 * 2);
        gpu.release(0);
        assertThat(count(counted.take(), "nvmlGpmSampleFree")).isEqualTo(2 + 1);
    }

    @Test
    void oneReadingThatFailsLeavesTheOthersOfTheDevice() throws NvmlException {
        ReadNode gpu = ReadNode.of(
                PolledNode.scenario("mig-h100"), library -> failing(library, "nvmlDeviceGetMemoryInfo_v2", 999));
        DeviceReading reading = gpu.read(0);
        assertThat(reading.mig()).hasSize(3);
        assertThat(named(reading, "gpu_mig_memory_total_bytes")).isEmpty();
        assertThat(named(reading, "gpu_mig_multiprocessors")).hasSize(3);
        assertThat(gpu.meters
                        .counter(
                                "gpu_exporter_reading_errors_total",
                                "reading",
                                "nvmlDeviceGetMemoryInfo_v2",
                                "code",
                                "UNKNOWN")
                        .count())
                .isEqualTo(1 + 3);
    }

    @Test
    void keepsTheDevicesOfAGpuThatIsLost() throws NvmlException {
        DeviceReading lost = ReadNode.of("mig-h100").read(0).down("GPU_IS_LOST");
        assertThat(lost.samples()).isEmpty();
        assertThat(lost.mig()).hasSize(3);
        assertThat(lost.migInfo()).hasSize(3);
    }

    private static long count(List<String> calls, String function) {
        return calls.stream().filter(call -> call.startsWith(function + "(")).count();
    }

    private static List<Sample> named(DeviceReading reading, String metric) {
        return reading.samples().stream()
                .filter(sample -> sample.metric().name().equals(metric))
                .toList();
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        Set<String> all = new HashSet<>(some);
        all.addAll(others);
        return Collections.unmodifiableSet(all);
    }

    private static NvmlLibrary failing(NvmlLibrary library, String function, int code) {
        return InterceptedCall.intercepted(call -> call.isOf(function) ? code : call.on(library));
    }

    /** Has something happen before the n-th call from now on. */
    private static final class ChangingNvml {
        private int calls;
        private int at = Integer.MAX_VALUE;
        private Runnable change;

        NvmlLibrary in(NvmlLibrary library) {
            return InterceptedCall.intercepted(call -> {
                if (calls++ == at) {
                    change.run();
                }
                return call.on(library);
            });
        }

        void afterCalls(int number, Runnable what) {
            calls = 0;
            at = number;
            change = what;
        }
    }
}
