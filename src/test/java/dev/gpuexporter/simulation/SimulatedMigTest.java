package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Pointer;
import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.MigLayout;
import dev.gpuexporter.config.MigLayout.GpuInstance;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.Bar1Memory;
import dev.gpuexporter.nvml.NvmlStructs.DeviceAttributes;
import dev.gpuexporter.nvml.NvmlStructs.MemoryV2;
import dev.gpuexporter.nvml.Struct;
import dev.gpuexporter.simulation.SimulatedKubelet.HeldDevice;
import dev.gpuexporter.simulation.SimulatedKubelet.OfferedDevice;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is known of MIG on real cards, written down by hand, against what the driver's interface answers. */
class SimulatedMigTest {
    private static final long MIB = 1024 * 1024;

    @ParameterizedTest
    @CsvSource({
        // model, profile, MiB, multiprocessors, slices, id of the first instance
        "a100, 1g.5gb, 4864, 14, 1, 7",
        "a100, 1g.5gb+me, 4864, 14, 1, 7",
        "a100, 1g.10gb, 9856, 14, 1, 3",
        "a100, 2g.10gb, 9856, 28, 2, 3",
        "a100, 3g.20gb, 19968, 42, 3, 1",
        "a100, 4g.20gb, 19968, 56, 4, 1",
        "a100, 7g.40gb, 40192, 98, 7, 0",
        "a100-80, 3g.40gb, 40192, 42, 3, 1",
        "h100, 1g.10gb, 9984, 16, 1, 7",
        "h100, 1g.20gb, 20096, 26, 1, 3",
        "h100, 2g.20gb, 20096, 32, 2, 3",
        "h100, 3g.40gb, 40448, 60, 3, 1",
        "h100, 4g.40gb, 40448, 64, 4, 1",
        "h100, 7g.80gb, 81152, 132, 7, 0",
        "h200, 1g.18gb, 16384, 16, 1, 7",
        "h200, 2g.35gb, 33280, 32, 2, 3",
        "h200, 7g.141gb, 143360, 132, 7, 0",
        "b200, 1g.23gb, 23040, 18, 1, 7",
        "b200, 3g.90gb, 92160, 54, 3, 1",
    })
    void aProfileIsWhatItIsOnTheCard(String model, String profile, long mebibytes, int processors, int slices, int id) {
        Caller caller = cut(model, GpuInstance.whole(profile, OptionalInt.empty()));
        String gpu = caller.text(0, caller.nvml::nvmlDeviceGetName);
        Pointer mig = handle(caller, 0, 0);
        assertThat(text(caller, mig, caller.nvml::nvmlDeviceGetName)).isEqualTo(gpu + " MIG " + profile);
        assertThat(text(caller, mig, caller.nvml::nvmlDeviceGetUUID))
                .matches("MIG-[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(u32(caller, mig, caller.nvml::nvmlDeviceGetGpuInstanceId)).isEqualTo(id);
        assertThat(u32(caller, mig, caller.nvml::nvmlDeviceGetComputeInstanceId))
                .isZero();
        assertThat(caller.nvml.nvmlDeviceGetAttributes_v2(mig, caller.out)).isZero();
        assertThat(DeviceAttributes.MULTIPROCESSOR_COUNT.s32(caller.out)).isEqualTo(processors);
        assertThat(DeviceAttributes.GPU_INSTANCE_SLICE_COUNT.s32(caller.out)).isEqualTo(slices);
        assertThat(DeviceAttributes.COMPUTE_INSTANCE_SLICE_COUNT.s32(caller.out))
                .isEqualTo(slices);
        assertThat(DeviceAttributes.MEMORY_SIZE_MB.u64(caller.out)).isEqualTo(mebibytes);
        assertThat(totalMebibytes(caller, mig)).isEqualTo(mebibytes);
    }

    @ParameterizedTest
    @CsvSource({"1g.10gb, 0, 7", "1g.10gb, 6, 13", "1g.20gb, 6, 6", "2g.20gb, 2, 4", "2g.20gb, 4, 5", "3g.40gb, 4, 2"})
    void anInstanceIsNumberedByItsPlace(String profile, int start, int id) {
        Caller caller = cut("h100", GpuInstance.whole(profile, OptionalInt.of(start)));
        assertThat(u32(caller, handle(caller, 0, 0), caller.nvml::nvmlDeviceGetGpuInstanceId))
                .isEqualTo(id);
    }

    @Test
    void anIdleInstanceUsesALittle() {
        Caller caller = Caller.ofFile("mig-a100");
        assertThat(usedMebibytes(caller, handle(caller, 1, 2))).isEqualTo(9);
        assertThat(usedMebibytes(caller, handle(caller, 1, 1))).isEqualTo(17 + 6 * 1024);
        assertThat(usedMebibytes(caller, handle(caller, 1, 0))).isEqualTo(24 + 15 * 1024);
        assertThat(MemoryV2.RESERVED.u64(caller.out)).isZero();
        // All of it is within the GPU, with 4 MiB of the driver's own.
        assertThat(usedMebibytes(caller, caller.gpu(1))).isEqualTo(9 + 17 + 24 + 21 * 1024 + 4);
    }

    @Test
    void aSplitInstanceHasOneMemory() {
        Caller caller = Caller.ofFile("mig-split");
        Pointer first = handle(caller, 0, 0);
        Pointer second = handle(caller, 0, 1);
        assertThat(text(caller, first, caller.nvml::nvmlDeviceGetName))
                .isEqualTo("NVIDIA H100 80GB HBM3 MIG 1c.3g.40gb");
        assertThat(text(caller, second, caller.nvml::nvmlDeviceGetName))
                .isEqualTo("NVIDIA H100 80GB HBM3 MIG 2c.3g.40gb");
        assertThat(u32(caller, second, caller.nvml::nvmlDeviceGetGpuInstanceId)).isEqualTo(1);
        assertThat(u32(caller, second, caller.nvml::nvmlDeviceGetComputeInstanceId))
                .isEqualTo(1);
        for (Pointer part : List.of(first, second)) {
            assertThat(totalMebibytes(caller, part)).isEqualTo(40448);
            assertThat(usedMebibytes(caller, part)).isEqualTo(24 + 32 * 1024);
        }
    }

    /** A100 with a window of 64 GiB, of whose eighths a 3g has four, a 2g or a 1g with double memory two, and a 1g one. */
    @Test
    void anInstanceHasItsPartOfTheWindow() {
        Caller caller = Caller.ofFile("mig-a100");
        assertThat(windowMebibytes(caller, handle(caller, 1, 0), Bar1Memory.TOTAL))
                .isEqualTo(32767);
        assertThat(windowMebibytes(caller, handle(caller, 1, 1), Bar1Memory.TOTAL))
                .isEqualTo(16383);
        assertThat(windowMebibytes(caller, handle(caller, 1, 2), Bar1Memory.TOTAL))
                .isEqualTo(16383);
        assertThat(windowMebibytes(caller, handle(caller, 2, 0), Bar1Memory.TOTAL))
                .isEqualTo(8191);
        assertThat(windowMebibytes(caller, handle(caller, 1, 1), Bar1Memory.USED))
                .isEqualTo(2);
        assertThat(windowMebibytes(caller, handle(caller, 1, 2), Bar1Memory.USED))
                .isZero();
        assertThat(windowMebibytes(caller, caller.gpu(1), Bar1Memory.TOTAL)).isEqualTo(65536);
        assertThat(windowMebibytes(caller, caller.gpu(1), Bar1Memory.USED)).isEqualTo(1 + 2 + 2);
    }

    private static long windowMebibytes(Caller caller, Pointer device, Struct.Member member) {
        assertThat(caller.nvml.nvmlDeviceGetBAR1MemoryInfo(device, caller.out)).isZero();
        return member.u64(caller.out) >> 20;
    }

    @Test
    void indexesThatNobodyHasAreGaps() {
        Caller caller = Caller.ofFile("mig-reconfigured");
        assertThat(codes(caller)).isEqualTo("SSSNNNN");
        caller.pass(Duration.ofSeconds(62));
        assertThat(codes(caller)).isEqualTo("NNSNNNN");
        caller.pass(Duration.ofSeconds(5));
        assertThat(codes(caller)).isEqualTo("SSSNNNN");
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetMigDeviceHandleByIndex(gpu, 7, out)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT);
    }

    @Test
    void aHandleIsGoodForWhoeverIsThere() {
        Caller caller = Caller.ofFile("mig-reconfigured");
        Pointer first = handle(caller, 0, 0);
        Pointer last = handle(caller, 0, 2);
        String uuid = text(caller, last, caller.nvml::nvmlDeviceGetUUID);
        caller.pass(Duration.ofSeconds(62));
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetUUID(first, out, 96)))
                .isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        caller.pass(Duration.ofSeconds(5));
        assertThat(text(caller, first, caller.nvml::nvmlDeviceGetName)).endsWith(" MIG 4g.40gb");
        assertThat(text(caller, last, caller.nvml::nvmlDeviceGetUUID)).isEqualTo(uuid);
    }

    @Test
    void aGpuInMigModeIsSilentOnWhatItsPartsDo() {
        Caller caller = Caller.ofFile("mig-h100");
        Pointer out = caller.out;
        for (Caller.GpuCall call : List.<Caller.GpuCall>of(
                caller.nvml::nvmlDeviceGetUtilizationRates,
                (gpu, to) -> caller.nvml.nvmlDeviceGetEncoderUtilization(gpu, to, to.share(8)),
                (gpu, to) -> caller.nvml.nvmlDeviceGetDecoderUtilization(gpu, to, to.share(8)),
                (gpu, to) -> caller.nvml.nvmlDeviceGetJpgUtilization(gpu, to, to.share(8)),
                (gpu, to) -> caller.nvml.nvmlDeviceGetOfaUtilization(gpu, to, to.share(8)))) {
            assertThat(caller.code(0, call)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
            assertThat(caller.code(1, call)).isEqualTo(NvmlReturn.SUCCESS);
        }
        for (int field : List.of(91, 142, 143, 144, 145)) {
            assertThat(caller.field(0, field)).as("field " + field).isEqualTo(NvmlReturn.NOT_SUPPORTED);
            assertThat(caller.field(1, field)).as("field " + field).isEqualTo(NvmlReturn.SUCCESS);
        }
        for (int field : List.of(82, 83, 94, 186)) {
            assertThat(caller.field(0, field)).as("field " + field).isEqualTo(NvmlReturn.SUCCESS);
        }
        assertThat(caller.code(0, caller.nvml::nvmlDeviceGetPowerUsage)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.code(0, (gpu, to) -> caller.nvml.nvmlDeviceGetMigMode(gpu, to, to.share(8))))
                .isEqualTo(NvmlReturn.SUCCESS);
        assertThat(out.getInt(0)).isEqualTo(1);
    }

    @Test
    void aPartAnswersNothingOfTheBoard() {
        Caller caller = Caller.ofFile("mig-h100");
        Pointer mig = handle(caller, 0, 0);
        for (Caller.Call call : List.<Caller.Call>of(
                out -> caller.nvml.nvmlDeviceGetPowerUsage(mig, out),
                out -> caller.nvml.nvmlDeviceGetUtilizationRates(mig, out),
                out -> caller.nvml.nvmlDeviceGetMaxMigDeviceCount(mig, out),
                out -> caller.nvml.nvmlDeviceGetSerial(mig, out, 30))) {
            assertThat(caller.code(call)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
        }
        assertThat(caller.code(0, caller.nvml::nvmlDeviceGetGpuInstanceId)).isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        assertThat(caller.u32(1, caller.nvml::nvmlDeviceGetMaxMigDeviceCount)).isZero();
        assertThat(caller.code(1, (gpu, out) -> caller.nvml.nvmlDeviceGetMigDeviceHandleByIndex(gpu, 0, out)))
                .isEqualTo(NvmlReturn.NOT_SUPPORTED);
    }

    @Test
    void podsHoldMigDevices() {
        Caller caller = Caller.ofFile("mig-h100");
        SimulatedKubelet kubelet = new SimulatedKubelet(caller.node);
        String small = uuid(caller, 0, 0);
        String shared = uuid(caller, 2, 0);
        assertThat(kubelet.heldDevices())
                .contains(
                        new HeldDevice("prod", "llm-a", "server", "nvidia.com/mig-1g.10gb", small),
                        new HeldDevice("dev", "test-1", "main", "nvidia.com/mig-4g.40gb.shared", shared + "::1"));
        assertThat(kubelet.offeredDevices())
                .extracting(OfferedDevice::deviceId)
                .containsExactly(
                        small,
                        uuid(caller, 0, 1),
                        uuid(caller, 0, 2),
                        caller.text(1, caller.nvml::nvmlDeviceGetUUID),
                        shared + "::0",
                        shared + "::1",
                        uuid(caller, 2, 1) + "::0",
                        uuid(caller, 2, 1) + "::1");
    }

    @Test
    void fiftySixDevicesAreFiftySix() {
        Caller caller = Caller.ofFile("h200x8-mig7");
        Set<String> uuids = Set.of(Stream.iterate(0, gpu -> gpu < 8, gpu -> gpu + 1)
                .flatMap(gpu -> Stream.iterate(0, at -> at < 7, at -> at + 1).map(at -> uuid(caller, gpu, at)))
                .toArray(String[]::new));
        assertThat(uuids).hasSize(56);
        assertThat(new SimulatedKubelet(caller.node).heldDevices()).hasSize(48);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "h100 | 1g.5gb | 1 | GPU 0: a h100 has no MIG profile 1g.5gb; it has 1g.10gb, 1g.10gb+me, 1g.20gb, 2g.20gb, 3g.40gb, 4g.40gb, 7g.80gb",
                "t4 | 1g.5gb | 1 | GPU 0: t4 has no MIG mode",
                "h100 | 3g.40gb | 3 | GPU 0: a h100 has at most 2 of 3g.40gb",
                "h100 | 1g.10gb+me | 2 | GPU 0: a h100 has at most 1 of 1g.10gb+me",
            })
    void aCardCannotBeCutInEveryWay(String model, String profile, int count, String message) {
        GpuInstance instance = GpuInstance.whole(profile, OptionalInt.empty());
        GpuInstance[] instances = Stream.generate(() -> instance).limit(count).toArray(GpuInstance[]::new);
        assertThatThrownBy(() -> cut(model, instances))
                .isInstanceOf(BadInputException.class)
                .hasMessage("scenario cut: " + message);
    }

    @Test
    void noTwoInstancesShareASlice() {
        assertThatThrownBy(() -> cut(
                        "h100",
                        GpuInstance.whole("4g.40gb", OptionalInt.empty()),
                        GpuInstance.whole("1g.10gb", OptionalInt.of(3))))
                .isInstanceOf(BadInputException.class)
                .hasMessage("scenario cut: GPU 0: there is no room for a 4g.40gb on a h100");
    }

    private static Caller cut(String model, GpuInstance... instances) {
        Scenario.Gpu gpu = new Scenario.Gpu(
                model, 1, OptionalDouble.empty(), List.of(new MigLayout(Duration.ZERO, List.of(instances))));
        Scenario scenario = new Scenario("cut", 1, "580.1", "13.0", List.of(gpu), List.of(), List.of(), Set.of());
        return new Caller(scenario).initialized();
    }

    private static Pointer handle(Caller caller, int gpu, int index) {
        assertThat(caller.code(
                        gpu, (device, out) -> caller.nvml.nvmlDeviceGetMigDeviceHandleByIndex(device, index, out)))
                .isEqualTo(NvmlReturn.SUCCESS);
        return caller.out.getPointer(0);
    }

    private static String codes(Caller caller) {
        StringBuilder codes = new StringBuilder();
        for (int index = 0; index < 7; index++) {
            int at = index;
            codes.append(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetMigDeviceHandleByIndex(gpu, at, out))
                    .name()
                    .charAt(0));
        }
        return codes.toString();
    }

    private static String uuid(Caller caller, int gpu, int index) {
        return text(caller, handle(caller, gpu, index), caller.nvml::nvmlDeviceGetUUID);
    }

    private static String text(Caller caller, Pointer device, Caller.TextCall call) {
        assertThat(caller.code(out -> call.on(device, out, 96))).isEqualTo(NvmlReturn.SUCCESS);
        return caller.out.getString(0);
    }

    private static int u32(Caller caller, Pointer device, Caller.GpuCall call) {
        assertThat(caller.code(out -> call.on(device, out))).isEqualTo(NvmlReturn.SUCCESS);
        return caller.out.getInt(0);
    }

    private static long totalMebibytes(Caller caller, Pointer device) {
        memory(caller, device);
        return MemoryV2.TOTAL.u64(caller.out) / MIB;
    }

    private static long usedMebibytes(Caller caller, Pointer device) {
        memory(caller, device);
        assertThat(MemoryV2.TOTAL.u64(caller.out))
                .isEqualTo(MemoryV2.USED.u64(caller.out)
                        + MemoryV2.FREE.u64(caller.out)
                        + MemoryV2.RESERVED.u64(caller.out));
        return MemoryV2.USED.u64(caller.out) / MIB;
    }

    private static void memory(Caller caller, Pointer device) {
        caller.out.setInt(0, 0x02000028);
        assertThat(caller.nvml.nvmlDeviceGetMemoryInfo_v2(device, caller.out)).isZero();
    }
}
