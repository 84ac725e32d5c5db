package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.Pointer;
import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.MemoryUse;
import dev.gpuexporter.config.Scenario.Shape;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import dev.gpuexporter.nvml.NvmlStructs.MemoryV1;
import dev.gpuexporter.nvml.NvmlStructs.MemoryV2;
import dev.gpuexporter.nvml.NvmlStructs.PciInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimulatedNvmlTest {
    private static final Duration STEP = Duration.ofMillis(100);
    private static final long MIB = 1 << 20;

    @Test
    void energyIntegratesPower() {
        Caller caller = Caller.of("h200x4");
        double[] millijoules = new double[4];
        for (int step = 0; step < 6000; step++) {
            caller.pass(STEP);
            for (int gpu = 0; gpu < 4; gpu++) {
                millijoules[gpu] += 1000 * caller.powerWatts(gpu) * 0.1;
            }
        }
        for (int gpu = 0; gpu < 4; gpu++) {
            // Every reading of power is rounded to a milliwatt.
            assertThat((double) caller.energyMillijoules(gpu)).isCloseTo(millijoules[gpu], within(6000 * 0.05 + 1));
            assertThat(caller.fieldValue(gpu, 83)).isEqualTo(caller.energyMillijoules(gpu));
        }
        assertThat(caller.energyMillijoules(3)).isBetween(77 * 600_000L, 79 * 600_000L);
    }

    @Test
    void powerUsageIsTheMeanOfASecondExceptOnT4AndA100() {
        Caller averaged = Caller.of("h100");
        Caller instant = Caller.of("a100");
        double sum = 0;
        for (int step = 0; step < 40; step++) {
            averaged.pass(STEP);
            instant.pass(STEP);
            assertThat(instant.u32(0, instant.nvml::nvmlDeviceGetPowerUsage)).isEqualTo(instant.fieldValue(0, 186));
            sum += step < 30 ? 0 : averaged.fieldValue(0, 186);
        }
        assertThat((double) averaged.u32(0, averaged.nvml::nvmlDeviceGetPowerUsage))
                .isCloseTo(sum / 10, within(1.0));
        assertThat(averaged.fieldValue(0, 185)).isEqualTo(averaged.u32(0, averaged.nvml::nvmlDeviceGetPowerUsage));
    }

    @Test
    void aBusyGpuIsBusyAndAnIdleOneIsExactlyIdle() {
        Caller caller = Caller.of("h200x8");
        for (int minute = 0; minute < 30; minute++) {
            caller.pass(Duration.ofMinutes(1));
            assertThat(caller.utilizationPercent(0)).isBetween(95L, 99L);
            assertThat(caller.utilizationPercent(1)).isZero();
            assertThat(caller.out.getInt(4)).isZero();
            assertThat(caller.utilizationPercent(7)).isZero();
            assertThat(caller.u64(7, caller.nvml::nvmlDeviceGetCurrentClocksEventReasons))
                    .isEqualTo(0x1);
            assertThat(caller.u64(0, caller.nvml::nvmlDeviceGetCurrentClocksThrottleReasons))
                    .isIn(0x0L, 0x4L);
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        assertThat(run(Caller.ofFile("mixed-node"))).isEqualTo(run(Caller.ofFile("mixed-node")));
    }

    private static List<Long> run(Caller caller) {
        List<Long> readings = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            caller.pass(Duration.ofMillis(7_654));
            for (int gpu = 0; gpu < 4; gpu++) {
                readings.add(caller.utilizationPercent(gpu));
                readings.add(caller.energyMillijoules(gpu));
                readings.add(caller.fieldValue(gpu, 186));
            }
        }
        return readings;
    }

    @Test
    void uuidsAreWellFormedAllDifferentAndStable() {
        List<String> uuids = uuids(Caller.of("h200x64"));
        assertThat(uuids)
                .doesNotHaveDuplicates()
                .hasSize(64)
                .allMatch(uuid -> uuid.matches("GPU-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"));
        assertThat(uuids(Caller.of("h200x64"))).isEqualTo(uuids);
        assertThat(uuids(Caller.of("h200x2"))).isEqualTo(uuids.subList(0, 2));
    }

    @Test
    void anotherSeedGivesOtherUuids() {
        assertThat(uuids(Caller.ofFile("mixed-node"))).doesNotContainAnyElementsOf(uuids(Caller.of("h200x4")));
    }

    private static List<String> uuids(Caller caller) {
        caller.nvml.nvmlDeviceGetCount_v2(caller.out);
        return IntStream.range(0, caller.out.getInt(0))
                .mapToObj(gpu -> caller.text(gpu, caller.nvml::nvmlDeviceGetUUID))
                .toList();
    }

    @Test
    void busIdsRiseWithTheIndexAndAreSpelledInBothForms() {
        Caller caller = Caller.of("h200x64");
        String before = "";
        for (int gpu = 0; gpu < 64; gpu++) {
            assertThat(caller.code(gpu, caller.nvml::nvmlDeviceGetPciInfo_v3)).isEqualTo(NvmlReturn.SUCCESS);
            String busId = PciInfo.BUS_ID.string(caller.out);
            assertThat(busId).matches("00000000:[0-9A-F]{2}:00\\.0").isGreaterThan(before);
            assertThat(PciInfo.BUS_ID_LEGACY.string(caller.out)).isEqualTo(busId.substring(4));
            assertThat(PciInfo.BUS.u32(caller.out)).isEqualTo(Integer.parseInt(busId.substring(9, 11), 16));
            before = busId;
        }
    }

    @Test
    void usedMemoryIsThatOfTheProcessesAndAnOverhead() {
        Caller caller = Caller.ofFile("mixed-node");
        // 450 MiB of the notebook, 4 GiB and 1 GiB of two replicas, and 4 MiB of the driver's own.
        assertThat(used(caller, 1)).isEqualTo(454 * MIB);
        assertThat(used(caller, 3)).isEqualTo((5 * 1024 + 4) * MIB);
        // 90 % of 40960 MiB at first, 50 % from the eleventh minute on, and nothing between.
        assertThat(used(caller, 0)).isEqualTo((36864 + 4) * MIB);
        caller.pass(Duration.ofSeconds(630));
        assertThat(used(caller, 0)).isEqualTo(4 * MIB);
        caller.pass(Duration.ofSeconds(60));
        assertThat(used(caller, 0)).isEqualTo((20480 + 4) * MIB);
    }

    /** Also holds the two versions of the call against each other. */
    private static long used(Caller caller, int gpu) {
        Pointer device = caller.gpu(gpu);
        caller.out.setInt(0, 0x02000028);
        assertThat(caller.nvml.nvmlDeviceGetMemoryInfo_v2(device, caller.out)).isZero();
        long total = MemoryV2.TOTAL.u64(caller.out);
        long reserved = MemoryV2.RESERVED.u64(caller.out);
        long used = MemoryV2.USED.u64(caller.out);
        assertThat(MemoryV2.FREE.u64(caller.out)).isEqualTo(total - reserved - used);
        assertThat(caller.nvml.nvmlDeviceGetMemoryInfo(device, caller.out)).isZero();
        assertThat(MemoryV1.USED.u64(caller.out)).isEqualTo(reserved + used);
        assertThat(MemoryV1.FREE.u64(caller.out)).isEqualTo(total - reserved - used);
        return used;
    }

    @Test
    void atItsPowerLimitAGpuSaysSoAndCountsTheTime() {
        Caller caller = Caller.ofFile("mixed-node");
        int limited = 2;
        long full = caller.u32(limited, (gpu, out) -> caller.nvml.nvmlDeviceGetMaxClockInfo(gpu, 1, out));
        for (int i = 0; i < 10; i++) {
            caller.pass(Duration.ofSeconds(1));
            assertThat(caller.powerWatts(limited)).isEqualTo(250);
            assertThat(caller.u64(limited, caller.nvml::nvmlDeviceGetCurrentClocksEventReasons))
                    .isEqualTo(0x4);
            assertThat(caller.u32(limited, (gpu, out) -> caller.nvml.nvmlDeviceGetClockInfo(gpu, 1, out)))
                    .isBetween(full * 3 / 4, full * 9 / 10);
        }
        assertThat(caller.fieldValue(limited, 74)).isEqualTo(10_000_000_000L);
        assertThat(caller.u64(limited, (gpu, out) -> caller.nvml.nvmlDeviceGetViolationStatus(gpu, 0, out)))
                .isEqualTo(1_700_000_010_000_000L);
        assertThat(caller.out.getLong(8)).isEqualTo(10_000_000_000L);
        assertThat(caller.fieldValue(limited, 75)).isZero();
        assertThat(caller.fieldValue(1, 74)).isZero();
        assertThat(caller.fieldValue(1, 78)).isEqualTo(10_000_000_000L);
    }

    @Test
    void temperatureFollowsPowerWithALag() {
        Caller caller = Caller.ofFile("mixed-node");
        caller.pass(Duration.ofMinutes(10).minusMillis(100));
        long hot = celsius(caller);
        assertThat(hot).isGreaterThan(60);
        caller.pass(Duration.ofSeconds(1));
        assertThat(caller.powerWatts(0)).isLessThan(70);
        assertThat(celsius(caller)).isGreaterThan(hot - 3);
        caller.pass(Duration.ofSeconds(29));
        assertThat(celsius(caller)).isBetween(40L, hot - 10);
        assertThat(caller.fieldValue(0, 82)).isGreaterThanOrEqualTo(celsius(caller));
    }

    private static long celsius(Caller caller) {
        return caller.u32(0, (gpu, out) -> caller.nvml.nvmlDeviceGetTemperature(gpu, 0, out));
    }

    @Test
    void theNewTemperatureCallSaysTheSame() {
        Caller caller = Caller.of("h200");
        long celsius = celsius(caller);
        Pointer device = caller.gpu(0);
        caller.out.setInt(0, 0x0100000c);
        caller.out.setInt(4, 0);
        assertThat(caller.nvml.nvmlDeviceGetTemperatureV(device, caller.out)).isZero();
        assertThat(caller.out.getInt(8)).isEqualTo((int) celsius);
    }

    @Test
    void countersNeverFallOverADay() {
        Caller caller = Caller.of("a100x3");
        int[] fields = {3, 5, 11, 22, 74, 78, 83, 94};
        long[][] before = new long[3][fields.length];
        long[] start = new long[fields.length];
        for (int i = 0; i < fields.length; i++) {
            start[i] = caller.fieldValue(0, fields[i]);
        }
        for (int quarter = 0; quarter < 96; quarter++) {
            caller.pass(Duration.ofMinutes(15));
            for (int gpu = 0; gpu < 3; gpu++) {
                for (int i = 0; i < fields.length; i++) {
                    long now = caller.fieldValue(gpu, fields[i]);
                    assertThat(now).as("field %d of GPU %d", fields[i], gpu).isGreaterThanOrEqualTo(before[gpu][i]);
                    before[gpu][i] = now;
                }
            }
        }
        for (int i = 0; i < fields.length; i++) {
            if (fields[i] != 78) {
                assertThat(before[0][i]).as("field %d", fields[i]).isGreaterThan(start[i]);
            }
        }
    }

    @Test
    void pcieBytesAreCountedIn32Bits() {
        Caller caller = Caller.of("h100x4");
        caller.pass(Duration.ofSeconds(1));
        assertThat(caller.fieldValue(3, 198)).isBetween(300_000L, 600_000L);
        boolean wrapped = false;
        long before = 0;
        for (int i = 0; i < 20; i++) {
            caller.pass(Duration.ofSeconds(1));
            long now = caller.fieldValue(0, 198);
            wrapped |= now < before;
            before = now;
        }
        assertThat(wrapped).isTrue();
    }

    @Test
    void someModelsCountPcieBytesIn64Bits() {
        Caller caller = Caller.of("h200x4");
        caller.pass(Duration.ofMinutes(1));
        assertThat(caller.fieldValue(0, 198)).isGreaterThan(20_000_000_000L);
    }

    @Test
    void allLinksTogetherMoveWhatEachDoes() {
        Caller caller = Caller.of("h100");
        caller.pass(Duration.ofMinutes(1));
        long sum = 0;
        for (int link = 0; link < 18; link++) {
            sum += caller.fieldValue(0, 139, link);
        }
        assertThat(caller.fieldValue(0, 139, -1)).isEqualTo(sum);
    }

    @Test
    void fieldValuesSayTheirTypeAndTime() {
        Caller caller = Caller.of("h200");
        Pointer device = caller.gpu(0);
        int[] fields = {82, 83, 193, 186, 74, 29, 9999, 0};
        int[] types = {1, 3, 5, 1, 3, 0, 0, 0};
        int[] codes = {0, 0, 0, 0, 0, 3, 2, 2};
        caller.out.clear();
        for (int i = 0; i < fields.length; i++) {
            FieldValue.FIELD_ID.set(caller.out.share(40L * i), (long) fields[i]);
        }
        assertThat(caller.nvml.nvmlDeviceGetFieldValues(device, fields.length, caller.out))
                .isZero();
        for (int i = 0; i < fields.length; i++) {
            Pointer value = caller.out.share(40L * i);
            assertThat(FieldValue.VALUE_TYPE.s32(value))
                    .as("field %d", fields[i])
                    .isEqualTo(types[i]);
            assertThat(FieldValue.NVML_RETURN.s32(value)).isEqualTo(codes[i]);
            assertThat(FieldValue.TIMESTAMP.u64(value) != 0).isEqualTo(codes[i] == 0);
        }
        assertThat(FieldValue.VALUE.s32(caller.out.share(80))).isEqualTo(-8);
    }

    @Test
    void theReasonsThatMovedAreWhereTheDriverHasThem() {
        Caller now = Caller.of("h200");
        assertThat(now.field(0, 251)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
        for (int field = 269; field <= 271; field++) {
            assertThat(now.fieldValue(0, field)).isZero();
        }
        Caller old = Caller.ofFile("mixed-node");
        assertThat(old.field(0, 251)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
        assertThat(old.field(0, 269)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
    }

    @Test
    void saysItsVersions() {
        Caller caller = Caller.of("t4");
        assertThat(caller.nvml.nvmlSystemGetDriverVersion(caller.out, 80)).isZero();
        assertThat(caller.out.getString(0)).isEqualTo("580.159.03");
        assertThat(caller.nvml.nvmlSystemGetNVMLVersion(caller.out, 80)).isZero();
        assertThat(caller.out.getString(0)).isEqualTo("13.580.159.03");
        assertThat(caller.nvml.nvmlSystemGetCudaDriverVersion_v2(caller.out)).isZero();
        assertThat(caller.out.getInt(0)).isEqualTo(13000);
    }

    @Test
    void initializationIsCounted() {
        Caller caller = new Caller(Caller.SCENARIOS.read("t4"));
        assertThat(caller.code(caller.nvml::nvmlDeviceGetCount_v2)).isEqualTo(NvmlReturn.UNINITIALIZED);
        assertThat(caller.nvml.nvmlShutdown()).isEqualTo(NvmlReturn.UNINITIALIZED.code());
        caller.nvml.nvmlInit_v2();
        caller.nvml.nvmlInit_v2();
        assertThat(caller.nvml.nvmlShutdown()).isZero();
        assertThat(caller.code(caller.nvml::nvmlDeviceGetCount_v2)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.nvml.nvmlShutdown()).isZero();
        assertThat(caller.code(caller.nvml::nvmlDeviceGetCount_v2)).isEqualTo(NvmlReturn.UNINITIALIZED);
    }

    @Test
    void refusesWhatCRefuses() {
        Caller caller = Caller.of("h200x2");
        Pointer device = caller.gpu(0);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetHandleByIndex_v2(2, out)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetHandleByIndex_v2(-1, out)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetPowerUsage(new Pointer(0xdead), out)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetPowerUsage(null, out)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetPowerUsage(device, null)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetUUID(device, out, 40)))
                .isEqualTo(NvmlReturn.INSUFFICIENT_SIZE);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetUUID(device, out, 41)))
                .isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetClockInfo(device, 4, out)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetTemperature(device, 1, out)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        caller.out.setInt(0, 0x03000028);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetMemoryInfo_v2(device, out)))
                .isEqualTo(NvmlReturn.ARGUMENT_VERSION_MISMATCH);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetTemperatureV(device, out)))
                .isEqualTo(NvmlReturn.ARGUMENT_VERSION_MISMATCH);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetMarginTemperature(device, out)))
                .isEqualTo(NvmlReturn.ARGUMENT_VERSION_MISMATCH);
    }

    @Test
    void aScenarioMayNotAskMoreOfAGpuThanItHas() {
        var two = Caller.SCENARIOS.read("t4x2");
        var pod = two.pods().get(0);
        var twice = new Scenario("crowd", 1, "580.1", "13.0", two.gpus(), List.of(pod, pod), List.of(), Set.of());
        assertThatThrownBy(() -> new SimulatedNode(twice))
                .isInstanceOf(BadInputException.class)
                .hasMessage("scenario crowd: GPU 0: its pods use 28260 MiB of 14936 MiB (t4)");
        var greed = new Scenario.Load(0, MemoryUse.ofBytes(Long.MAX_VALUE), Shape.STEADY);
        var greedy = new Scenario.Pod(
                "a", "b", "c", pod.resource(), pod.devices(), List.of(), greed, Scenario.Window.ALWAYS);
        var vast = new Scenario("vast", 1, "580.1", "13.0", two.gpus(), List.of(greedy, greedy), List.of(), Set.of());
        assertThatThrownBy(() -> new SimulatedNode(vast))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("scenario vast: GPU 0: its pods use ");
        var hungry = new Scenario.Gpu("t4", 1, OptionalDouble.of(700));
        var strong = new Scenario("strong", 1, "580.1", "13.0", List.of(hungry), List.of(), List.of(), Set.of());
        assertThatThrownBy(() -> new SimulatedNode(strong))
                .isInstanceOf(BadInputException.class)
                .hasMessage("scenario strong: GPU 0: a power limit of 700 W is not between 60 and 70 W (t4)");
    }
}
