package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.Bar1Memory;
import dev.gpuexporter.nvml.NvmlStructs.MemoryV2;
import dev.gpuexporter.nvml.NvmlStructs.PciInfo;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of real cards, written down by hand, against what the driver's interface answers. */
class GpuModelTest {
    private static final long MIB = 1024 * 1024;

    @ParameterizedTest
    @CsvSource({
        "t4, Tesla T4, 14, 6, 1EB8, 90.04.84.00.06, G183.0200.00.02, 7.5, 1.1, 5.0",
        "a10, NVIDIA A10, 14, 7, 2236, 94.02.5C.00.04, G133.0215.00.06, 8.6, 2.0, 6.16",
        "a100, NVIDIA A100-SXM4-40GB, 14, 7, 20B0, 92.00.45.00.03, G506.0200.00.04, 8.0, 2.0, 6.16",
        "a100-40, NVIDIA A100-SXM4-40GB, 14, 7, 20B0, 92.00.45.00.03, G506.0200.00.04, 8.0, 2.0, 6.16",
        "a100-80, NVIDIA A100-SXM4-80GB, 14, 7, 20B2, 92.00.36.00.02, G506.0212.00.01, 8.0, 2.0, 6.16",
        "l4, NVIDIA L4, 14, 8, 27B8, 95.04.29.00.06, G193.0200.00.01, 8.9, 2.1, 6.16",
        "l40s, NVIDIA L40S, 14, 8, 26B9, 95.02.66.00.02, G133.0242.00.03, 8.9, 2.1, 6.16",
        "h100, NVIDIA H100 80GB HBM3, 14, 9, 2330, 96.00.99.00.01, G520.0200.00.05, 9.0, 2.1, 7.16",
        "h200, NVIDIA H200, 14, 9, 2335, 96.00.A5.00.03, G520.0280.02.02, 9.0, 2.1, 7.16",
        "b200, NVIDIA B200, 14, 10, 2901, 97.00.FA.00.09, G525.0220.00.03, 10.0, 2.1, 7.16",
        "gb200, NVIDIA GB200, 14, 10, 2941, 97.00.B9.00.69, G548.0201.00.06, 10.0, 2.1, 7.16",
        "rtx4090, NVIDIA GeForce RTX 4090, 5, 8, 2684, 95.02.3C.00.02, G002.0000.00.03, 8.9, 2.0, 6.16",
    })
    void saysWhoItIs(
            String id,
            String name,
            int brand,
            int architecture,
            String pci,
            String vbios,
            String inforom,
            String computeCapability,
            String oem,
            String ecc) {
        Caller caller = Caller.of(id);
        assertThat(caller.text(0, caller.nvml::nvmlDeviceGetName)).isEqualTo(name);
        assertThat(caller.u32(0, caller.nvml::nvmlDeviceGetBrand)).isEqualTo(brand);
        assertThat(caller.u32(0, caller.nvml::nvmlDeviceGetArchitecture)).isEqualTo(architecture);
        assertThat(caller.text(0, caller.nvml::nvmlDeviceGetVbiosVersion)).isEqualTo(vbios);
        assertThat(caller.text(0, caller.nvml::nvmlDeviceGetInforomImageVersion))
                .isEqualTo(inforom);
        assertThat(inforomObject(caller, 0)).isEqualTo(oem);
        assertThat(inforomObject(caller, 1)).isEqualTo(ecc);
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetInforomVersion(gpu, 2, out, 16)))
                .isEqualTo(NvmlReturn.NOT_SUPPORTED);
        caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetCudaComputeCapability(gpu, out, out.share(8)));
        assertThat(caller.out.getInt(0) + "." + caller.out.getInt(8)).isEqualTo(computeCapability);
        assertThat(caller.code(0, caller.nvml::nvmlDeviceGetPciInfo_v3)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat("%08X".formatted(PciInfo.PCI_DEVICE_ID.u32(caller.out))).isEqualTo(pci + "10DE");
    }

    private static String inforomObject(Caller caller, int object) {
        return caller.text(
                0,
                (gpu, out, length) -> caller.nvml.nvmlDeviceGetInforomVersion(gpu, object, out, Math.min(length, 16)));
    }

    @ParameterizedTest
    @CsvSource({
        "t4, 15360, 388, 448, 256",
        "a10, 23028, 512, 512, 32768",
        "a100-40, 40960, 518, 605, 65536",
        "a100-80, 81920, 869, 869, 131072",
        "l4, 23034, 434, 434, 32768",
        "l40s, 46068, 609, 609, 65536",
        "h100, 81559, 479, 551, 131072",
        "h200, 143771, 614, 614, 262144",
        "b200, 183359, 728, 735, 262144",
        "gb200, 189471, 742, 742, 262144",
        "rtx4090, 24564, 346, 346, 256",
    })
    void hasTheMemoryOfItsKind(String id, long totalMib, long leastReserved, long mostReserved, long bar1Mib) {
        Caller caller = Caller.of(id);
        MemoryV2.VERSION.set(caller.out, 0x02000028L);
        assertThat(caller.nvml.nvmlDeviceGetMemoryInfo_v2(handle(caller), versioned(caller, 0x02000028)))
                .isZero();
        assertThat(MemoryV2.TOTAL.u64(caller.out)).isEqualTo(totalMib * MIB);
        assertThat(MemoryV2.RESERVED.u64(caller.out)).isBetween(leastReserved * MIB, mostReserved * MIB);
        assertThat(caller.code(0, caller.nvml::nvmlDeviceGetBAR1MemoryInfo)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(Bar1Memory.TOTAL.u64(caller.out)).isEqualTo(bar1Mib * MIB);
    }

    private static Pointer handle(Caller caller) {
        return caller.gpu(0);
    }

    private static Pointer versioned(Caller caller, int version) {
        caller.out.setInt(0, version);
        return caller.out;
    }

    @ParameterizedTest
    @CsvSource({
        "t4, 70, 60, 70",
        "a10, 150, 100, 150",
        "a100-40, 400, 100, 400",
        "a100-80, 400, 100, 400",
        "l4, 72, 40, 72",
        "l40s, 350, 100, 350",
        "h100, 700, 200, 700",
        "h200, 700, 200, 700",
        "b200, 1000, 200, 1000",
        "gb200, 1200, 200, 1200",
        "rtx4090, 450, 150, 450",
    })
    void hasThePowerLimitsOfItsKind(String id, long defaultWatts, long minWatts, long maxWatts) {
        Caller caller = Caller.of(id);
        assertThat(caller.u32(0, caller.nvml::nvmlDeviceGetPowerManagementDefaultLimit))
                .isEqualTo(1000 * defaultWatts);
        assertThat(caller.u32(0, caller.nvml::nvmlDeviceGetPowerManagementLimit))
                .isEqualTo(1000 * defaultWatts);
        assertThat(caller.u32(0, caller.nvml::nvmlDeviceGetEnforcedPowerLimit)).isEqualTo(1000 * defaultWatts);
        caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetPowerManagementLimitConstraints(gpu, out, out.share(8)));
        assertThat(caller.out.getInt(0)).isEqualTo((int) (1000 * minWatts));
        assertThat(caller.out.getInt(8)).isEqualTo((int) (1000 * maxWatts));
        assertThat(caller.fieldValue(0, 187)).isEqualTo(1000 * minWatts);
        assertThat(caller.fieldValue(0, 188)).isEqualTo(1000 * maxWatts);
        assertThat(caller.fieldValue(0, 189)).isEqualTo(1000 * defaultWatts);
        assertThat(caller.fieldValue(0, 190)).isEqualTo(1000 * defaultWatts);
    }

    @ParameterizedTest
    @CsvSource({
        // max graphics, memory, video; idle graphics, memory; performance state when idle and at work
        "t4, 1590, 5001, 1470, 300, 405, 8, 2",
        "a10, 1695, 6251, 1575, 225, 405, 8, 2",
        "a100-40, 1410, 1215, 1290, 210, 1215, 0, 0",
        "a100-80, 1410, 1593, 1290, 210, 1593, 0, 0",
        "l4, 2040, 6251, 1770, 210, 405, 8, 2",
        "l40s, 2520, 9001, 1965, 210, 405, 8, 2",
        "h100, 1980, 2619, 1545, 345, 2619, 0, 0",
        "h200, 1980, 3201, 1545, 345, 3201, 0, 0",
        "b200, 1965, 3996, 1965, 120, 3996, 0, 0",
        "gb200, 2062, 3996, 1890, 120, 3996, 0, 0",
        "rtx4090, 3105, 10501, 2415, 210, 405, 8, 2",
    })
    void hasTheClocksOfItsKind(
            String id,
            int graphics,
            int memory,
            int video,
            int idleGraphics,
            int idleMemory,
            int idleState,
            int state) {
        Caller caller = Caller.of(id + "x4");
        int busy = 0;
        int idle = 3;
        assertThat(maxClock(caller, 0)).isEqualTo(graphics);
        assertThat(maxClock(caller, 1)).isEqualTo(graphics);
        assertThat(maxClock(caller, 2)).isEqualTo(memory);
        assertThat(maxClock(caller, 3)).isEqualTo(video);
        assertThat(clock(caller, busy, 0)).isBetween(graphics - 60, graphics);
        assertThat(clock(caller, busy, 2)).isEqualTo(memory);
        assertThat(clock(caller, idle, 0)).isEqualTo(idleGraphics);
        assertThat(clock(caller, idle, 1)).isEqualTo(idleGraphics);
        assertThat(clock(caller, idle, 2)).isEqualTo(idleMemory);
        assertThat(caller.u32(idle, caller.nvml::nvmlDeviceGetPerformanceState)).isEqualTo(idleState);
        assertThat(caller.u32(busy, caller.nvml::nvmlDeviceGetPerformanceState)).isEqualTo(state);
    }

    /** They are in no record: those of the simulation are the highest, and a GeForce has none. */
    @Test
    void saysWhichClocksApplicationsRunAt() {
        Caller h200 = Caller.of("h200");
        assertThat(h200.u32(0, (gpu, out) -> h200.nvml.nvmlDeviceGetApplicationsClock(gpu, 1, out)))
                .isEqualTo(1980);
        assertThat(h200.u32(0, (gpu, out) -> h200.nvml.nvmlDeviceGetApplicationsClock(gpu, 2, out)))
                .isEqualTo(3201);
        Caller geForce = Caller.of("rtx4090");
        assertThat(geForce.code(0, (gpu, out) -> geForce.nvml.nvmlDeviceGetApplicationsClock(gpu, 1, out)))
                .isEqualTo(NvmlReturn.NOT_SUPPORTED);
    }

    private static int maxClock(Caller caller, int type) {
        return (int) caller.u32(0, (gpu, out) -> caller.nvml.nvmlDeviceGetMaxClockInfo(gpu, type, out));
    }

    private static int clock(Caller caller, int index, int type) {
        return (int) caller.u32(index, (gpu, out) -> caller.nvml.nvmlDeviceGetClockInfo(gpu, type, out));
    }

    @ParameterizedTest
    @CsvSource({
        // idle watts from, to; load watts up to; idle °C from, to; load °C up to
        "t4, 9, 12, 70, 33, 43, 64",
        "a10, 9, 23, 150, 28, 33, 76",
        "a100-40, 50, 67, 400, 33, 33, 70",
        "a100-80, 67, 67, 400, 27, 27, 73",
        "l4, 14, 17, 72, 32, 45, 76",
        "l40s, 37, 66, 350, 29, 29, 63",
        "h100, 67, 72, 632, 29, 42, 59",
        "h200, 78, 78, 627, 28, 28, 52",
        "b200, 136, 206, 1000, 23, 53, 70",
        "gb200, 149, 181, 1200, 26, 38, 60",
        "rtx4090, 8, 17, 427, 24, 35, 64",
    })
    void drawsAndHeatsAsItsKindDoes(
            String id, double idleLow, double idleHigh, double load, int coolLow, int coolHigh, int hot) {
        Caller caller = Caller.of(id + "x4");
        caller.pass(Duration.ofMinutes(10));
        assertThat(caller.powerWatts(3)).isBetween(0.98 * idleLow, 1.02 * idleHigh);
        assertThat(caller.powerWatts(0)).isBetween(0.8 * load, 1.02 * load);
        assertThat(celsius(caller, 3)).isBetween(coolLow, coolHigh + 1);
        assertThat(celsius(caller, 0)).isBetween(coolHigh + 1, hot + 1);
    }

    private static int celsius(Caller caller, int index) {
        return (int) caller.u32(index, (gpu, out) -> caller.nvml.nvmlDeviceGetTemperature(gpu, 0, out));
    }

    @ParameterizedTest
    @CsvSource({"t4, 96, 93, 85, ", "a10, 101, 98, 91, ", "a100-40, 92, 89, 85, 95", "a100-80, 92, 89, 85, 95"})
    void guardsItselfByAbsoluteThresholds(String id, int shutdown, int slowdown, int gpuMax, Integer memoryMax) {
        Caller caller = Caller.of(id);
        assertThat(threshold(caller, 0)).isEqualTo(shutdown);
        assertThat(threshold(caller, 1)).isEqualTo(slowdown);
        assertThat(threshold(caller, 3)).isEqualTo(gpuMax);
        assertThat(threshold(caller, 2)).isEqualTo(memoryMax);
        for (int field = 193; field <= 196; field++) {
            assertThat(caller.field(0, field)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
        }
        assertThat(margin(caller)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
    }

    private static Integer threshold(Caller caller, int type) {
        NvmlReturn code = caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetTemperatureThreshold(gpu, type, out));
        assertThat(code).isIn(NvmlReturn.SUCCESS, NvmlReturn.NOT_SUPPORTED);
        return code == NvmlReturn.SUCCESS ? caller.out.getInt(0) : null;
    }

    private static NvmlReturn margin(Caller caller) {
        return caller.code(
                0, (gpu, out) -> caller.nvml.nvmlDeviceGetMarginTemperature(gpu, versioned(caller, 0x01000008)));
    }

    @ParameterizedTest
    @CsvSource({
        "l4, -5, -2, 0, , 84",
        "l40s, -5, -2, 0, , 88",
        "h100, -8, -2, 0, 0, 87",
        "h200, -8, -2, 0, 0, 87",
        "b200, -5, -3, 0, 0, 88",
        "gb200, -5, -2, 0, 0, 87",
        "rtx4090, -7, -2, 0, , 83",
    })
    void guardsItselfByOffsetsToItsLimit(
            String id, int shutdown, int slowdown, int gpuMax, Integer memoryMax, int limit) {
        Caller caller = Caller.of(id);
        assertThat(caller.fieldValue(0, 193)).isEqualTo(shutdown);
        assertThat(caller.fieldValue(0, 194)).isEqualTo(slowdown);
        assertThat(caller.fieldValue(0, 196)).isEqualTo(gpuMax);
        if (memoryMax == null) {
            assertThat(caller.field(0, 195)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
        } else {
            assertThat(caller.fieldValue(0, 195)).isEqualTo((long) memoryMax);
        }
        for (int type = 0; type <= 7; type++) {
            assertThat(threshold(caller, type)).isNull();
        }
        assertThat(margin(caller)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.out.getInt(4)).isEqualTo(limit - celsius(caller, 0));
    }

    @ParameterizedTest
    @CsvSource({
        // memory temperature, fan, ECC, ECC by location, retired pages, remapped rows, MIG, NVLinks, power average
        "t4, n, n, y, y, y, n, n, 0, n",
        "a10, n, y, y, y, n, y, n, 0, y",
        "a100-40, y, n, y, y, n, y, y, 12, n",
        "a100-80, y, n, y, y, n, y, y, 12, n",
        "l4, n, n, y, y, n, y, n, 0, y",
        "l40s, n, n, y, n, n, y, n, 0, y",
        "h100, y, n, y, n, n, y, y, 18, y",
        "h200, y, n, y, n, n, y, y, 18, y",
        "b200, y, n, y, y, n, y, y, 18, y",
        "gb200, y, n, y, y, n, y, y, 18, y",
        "rtx4090, n, y, n, n, n, y, n, 0, y",
    })
    void answersWhatItsKindAnswers(
            String id,
            char memoryTemperature,
            char fan,
            char ecc,
            char eccByLocation,
            char retiredPages,
            char remappedRows,
            char mig,
            int nvLinks,
            char powerAverage) {
        Caller caller = Caller.of(id);
        assertThat(caller.field(0, 82)).isEqualTo(supported(memoryTemperature));
        assertThat(caller.code(0, caller.nvml::nvmlDeviceGetNumFans)).isEqualTo(supported(fan));
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetFanSpeed_v2(gpu, 0, out)))
                .isEqualTo(supported(fan));
        for (int total = 3; total <= 6; total++) {
            assertThat(caller.field(0, total)).isEqualTo(supported(ecc));
        }
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetTotalEccErrors(gpu, 1, 0, out)))
                .isEqualTo(supported(ecc));
        for (int deviceMemory : new int[] {11, 12, 22, 23}) {
            assertThat(caller.field(0, deviceMemory)).isEqualTo(supported(ecc));
        }
        for (int other : new int[] {7, 8, 9, 10, 13, 14, 15, 16, 17, 18, 19, 20, 21, 24, 25, 26, 27, 28}) {
            assertThat(caller.field(0, other)).as("field %d", other).isEqualTo(supported(eccByLocation));
        }
        for (int retired : new int[] {29, 30, 31, 92, 93}) {
            assertThat(caller.field(0, retired)).isEqualTo(supported(retiredPages));
        }
        for (int remapped = 142; remapped <= 145; remapped++) {
            assertThat(caller.field(0, remapped)).isEqualTo(supported(remappedRows));
        }
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetMigMode(gpu, out, out.share(8))))
                .isEqualTo(supported(mig));
        assertThat(caller.field(0, 91)).isEqualTo(supported(nvLinks > 0 ? 'y' : 'n'));
        assertThat(caller.field(0, 185)).isEqualTo(supported(powerAverage));
        assertThat(caller.field(0, 186)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetJpgUtilization(gpu, out, out.share(8))))
                .isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetOfaUtilization(gpu, out, out.share(8))))
                .isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.u64(0, caller.nvml::nvmlDeviceGetSupportedClocksEventReasons))
                .isEqualTo(0x1FF);
    }

    private static NvmlReturn supported(char yes) {
        return yes == 'y' ? NvmlReturn.SUCCESS : NvmlReturn.NOT_SUPPORTED;
    }

    @Test
    void aGeForceHasNoSerialAndItsEccIsOff() {
        Caller caller = Caller.of("rtx4090");
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetSerial(gpu, out, 30)))
                .isEqualTo(NvmlReturn.NOT_SUPPORTED);
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetEccMode(gpu, out, out.share(8))))
                .isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.out.getInt(0)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "t4, 3, 3",
        "a10, 4, 4",
        "a100, 4, 4",
        "l4, 4, 4",
        "l40s, 4, 4",
        "h100, 5, 5",
        "h200, 5, 5",
        "b200, 5, 5",
        "gb200, 5, 5",
        "rtx4090, 4, 1"
    })
    void itsLinkFallsOnlyWhereThatWasSeen(String id, int generation, int idleGeneration) {
        Caller caller = Caller.of(id + "x4");
        assertThat(caller.u32(0, caller.nvml::nvmlDeviceGetMaxPcieLinkGeneration))
                .isEqualTo(generation);
        assertThat(caller.u32(0, caller.nvml::nvmlDeviceGetCurrPcieLinkGeneration))
                .isEqualTo(generation);
        assertThat(caller.u32(3, caller.nvml::nvmlDeviceGetCurrPcieLinkGeneration))
                .isEqualTo(idleGeneration);
        assertThat(caller.u32(0, caller.nvml::nvmlDeviceGetCurrPcieLinkWidth)).isEqualTo(16);
        assertThat(caller.u32(0, caller.nvml::nvmlDeviceGetMaxPcieLinkWidth)).isEqualTo(16);
    }

    @ParameterizedTest
    @CsvSource({
        "a100, 12, 4, 25000, n",
        "a100-80, 12, 4, 25000, n",
        "h100, 18, 6, 26562, n",
        "h200, 18, 6, 26562, n",
        "b200, 18, 7, 53125, y",
        "gb200, 18, 7, 53125, y",
    })
    void hasTheNvLinksOfItsKind(String id, int links, int version, int megabytesPerSecond, char fifth) {
        Caller caller = Caller.of(id);
        assertThat(caller.fieldValue(0, 91)).isEqualTo(links);
        int last = links - 1;
        assertThat(caller.fieldValue(0, 164, last)).isEqualTo(megabytesPerSecond);
        assertThat(caller.fieldValue(0, 165, last)).isEqualTo(1);
        assertThat(caller.fieldValue(0, 166, last)).isEqualTo(version);
        assertThat(caller.field(0, 164, links)).isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(caller.field(0, 138, last)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.field(0, 138, -1)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.field(0, 202, last)).isEqualTo(supported(fifth));
        assertThat(caller.field(0, 161, last)).isEqualTo(supported(fifth == 'y' ? 'n' : 'y'));
        assertThat(caller.u32(0, (gpu, out) -> caller.nvml.nvmlDeviceGetNvLinkVersion(gpu, last, out)))
                .isEqualTo(version);
        assertThat(caller.u32(0, (gpu, out) -> caller.nvml.nvmlDeviceGetNvLinkRemoteDeviceType(gpu, last, out)))
                .isEqualTo(2);
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetNvLinkState(gpu, links, out)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @CsvSource({"t4, n", "a10, n", "a100, n", "l40s, n", "h100, y", "h200, y", "b200, y", "gb200, y", "rtx4090, n"})
    void joinsAFabricWhereItsKindDoes(String id, char joins) {
        Caller caller = Caller.of(id);
        assertThat(caller.code(0, caller.nvml::nvmlDeviceGetGpuFabricInfo)).isEqualTo(supported(joins));
        for (int version : new int[] {0x02000024, 0x03000028}) {
            assertThat(caller.code(
                            0, (gpu, out) -> caller.nvml.nvmlDeviceGetGpuFabricInfoV(gpu, versioned(caller, version))))
                    .isEqualTo(supported(joins));
        }
        assertThat(caller.code(
                        0, (gpu, out) -> caller.nvml.nvmlDeviceGetGpuFabricInfoV(gpu, versioned(caller, 0x01000024))))
                .isEqualTo(NvmlReturn.ARGUMENT_VERSION_MISMATCH);
    }

    @Test
    void onlyAGb200AnswersForItsModule() {
        Caller caller = Caller.of("gb200,h200");
        assertThat(caller.field(0, 188, 1)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.out.getInt(32)).isEqualTo(2_500_000);
        assertThat(caller.field(0, 187, 1)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.out.getInt(32)).isEqualTo(500_000);
        assertThat(caller.field(0, 186, 1)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.field(1, 186, 1)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
    }

    @Test
    void offersTheModelsByName() {
        assertThat(GpuModels.names())
                .containsExactly(
                        "t4", "a10", "a100", "a100-40", "a100-80", "l4", "l40s", "h100", "h200", "b200", "gb200",
                        "rtx4090");
    }
}
