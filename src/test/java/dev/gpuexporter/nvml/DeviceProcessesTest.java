package dev.gpuexporter.nvml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.GpuProcess.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of processes as drivers have written them, through the real dynamic loader. */
class DeviceProcessesTest {
    private final CEnvironment environment = new CEnvironment();
    private NvmlLibrary nvml;

    @AfterEach
    void shutNvmlDown() {
        environment.close();
        if (nvml != null) {
            nvml.nvmlShutdown();
        }
    }

    private NvmlDevice gpu(int index, boolean showsEveryProcess) throws NvmlException {
        return gpu(index, showsEveryProcess, CompiledNvml.load(CompiledNvml.library()));
    }

    private NvmlDevice gpu(int index, boolean showsEveryProcess, NvmlLibrary library) throws NvmlException {
        nvml = library;
        Nvml opened = new Nvml(library, new Host(Path.of("/nonexistent"), showsEveryProcess));
        opened.open();
        return opened.device(index, new DriverVersions("610.43.02", "13.610.43.02", "13.3"));
    }

    private void processes(int count) {
        environment.with("FAKE_NVML_PROCESSES", Integer.toString(count));
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 32})
    void readsEntriesHoweverFarApartTheyAre(int stride) throws NvmlException {
        environment.with("FAKE_NVML_STRIDE", Integer.toString(stride));
        processes(4);
        List<GpuProcess> compute = ofKind(Kind.COMPUTE, gpu(1, true));
        assertThat(compute).extracting(GpuProcess::pid).containsExactly(1301L, 1311L, 1321L, 1331L);
        assertThat(compute)
                .extracting(GpuProcess::memoryBytes)
                .containsExactly(
                        OptionalLong.of(7_000_001_301L),
                        OptionalLong.empty(), // all bits set: the driver does not know
                        OptionalLong.of(7_000_001_303L),
                        OptionalLong.of(7_000_001_304L));
        assertThat(compute)
                .extracting(GpuProcess::gpuInstance)
                .containsExactly(OptionalInt.of(4), OptionalInt.of(4), OptionalInt.empty(), OptionalInt.of(4));
        assertThat(compute)
                .extracting(GpuProcess::computeInstance)
                .containsExactly(OptionalInt.of(2), OptionalInt.of(2), OptionalInt.empty(), OptionalInt.of(2));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 200})
    void readsEntriesWithoutInstancesBehindANewName(int count) throws NvmlException {
        environment.with("FAKE_NVML_STRIDE", "16");
        processes(count);
        List<GpuProcess> compute = ofKind(Kind.COMPUTE, gpu(0, true));
        assertThat(compute).hasSize(count).allSatisfy(process -> assertThat(process.gpuInstance())
                .isEmpty());
        assertThat(compute.get(count - 1).pid()).isEqualTo(1300 + 10L * (count - 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 65, 200})
    void makesRoomForAsManyAsThereAre(int count) throws NvmlException {
        environment.with("FAKE_NVML_STRIDE", "32");
        processes(count);
        List<GpuProcess> compute = ofKind(Kind.COMPUTE, gpu(0, true));
        assertThat(compute).hasSize(count);
        assertThat(compute.get(count - 1).pid()).isEqualTo(1300 + 10L * (count - 1));
    }

    @Test
    void countsEachKind() throws NvmlException {
        processes(3);
        assertThat(gpu(0, true).processes().counts()).isEqualTo(Map.of(Kind.MPS, 3, Kind.COMPUTE, 3, Kind.GRAPHICS, 3));
    }

    @Test
    void countsAProcessOnceThatIsInSeveralLists() throws NvmlException {
        NvmlLibrary library = new OverriddenNvml()
                .with("nvmlDeviceGetMPSComputeRunningProcesses_v3", DeviceProcessesTest::listsProcess42)
                .with("nvmlDeviceGetComputeRunningProcesses_v3", DeviceProcessesTest::listsProcess42)
                .with("nvmlDeviceGetGraphicsRunningProcesses_v3", DeviceProcessesTest::listsProcess42)
                .over(CompiledNvml.load(CompiledNvml.library()));
        NvmlDevice gpu = gpu(0, true, library);
        assertThat(gpu.processes().all().orElseThrow())
                .extracting(GpuProcess::pid, GpuProcess::kind)
                .containsExactly(tuple(42L, Kind.MPS));
        assertThat(gpu.processes().counts()).isEqualTo(Map.of(Kind.MPS, 1, Kind.COMPUTE, 0, Kind.GRAPHICS, 0));
    }

    private static int listsProcess42(Object[] arguments) {
        Pointer count = (Pointer) arguments[1];
        Pointer infos = (Pointer) arguments[2];
        count.setInt(0, 1);
        NvmlStructs.ProcessInfo.PID.set(infos, 42L);
        NvmlStructs.ProcessInfo.USED_GPU_MEMORY.set(infos, 1L << 30);
        NvmlStructs.ProcessInfo.GPU_INSTANCE_ID.set(infos, -1L);
        NvmlStructs.ProcessInfo.COMPUTE_INSTANCE_ID.set(infos, -1L);
        return NvmlReturn.SUCCESS.code();
    }

    @Test
    void goesBackToTheVersionThatTheDriverHas() throws NvmlException {
        NvmlLibrary second = new OverriddenNvml()
                .lacking("nvmlDeviceGetComputeRunningProcesses_v3")
                .over(CompiledNvml.load(CompiledNvml.library()));
        assertThat(ofKind(Kind.COMPUTE, gpu(0, true, second)).get(0).pid()).isEqualTo(1200);
        NvmlLibrary first = new OverriddenNvml()
                .lacking("nvmlDeviceGetComputeRunningProcesses_v3")
                .lacking("nvmlDeviceGetComputeRunningProcesses_v2")
                .over(CompiledNvml.load(CompiledNvml.library()));
        GpuProcess process = ofKind(Kind.COMPUTE, gpu(0, true, first)).get(0);
        assertThat(process.pid()).isEqualTo(1100);
        assertThat(process.memoryBytes()).hasValue(7_000_001_100L);
        assertThat(process.gpuInstance()).isEmpty();
    }

    @Test
    void believesAnEmptyListWhereAllProcessesAreSeen() throws NvmlException {
        processes(0);
        NvmlDevice gpu = gpu(0, true);
        assertThat(gpu.processes().all()).contains(List.of());
        assertThat(gpu.processes().counts()).isEqualTo(Map.of(Kind.MPS, 0, Kind.COMPUTE, 0, Kind.GRAPHICS, 0));
    }

    /** The open kernel modules show a container nothing of the host's processes. */
    @Test
    void doesNotTakeAnEmptyListInAContainerForNone() throws NvmlException {
        processes(0);
        NvmlDevice gpu = gpu(0, false);
        assertThat(gpu.processes().all()).isEmpty();
        assertThat(gpu.processes().counts()).isEmpty();
    }

    /** The closed ones do. */
    @Test
    void believesAnEmptyListOnceAnotherWasNotEmpty() throws NvmlException {
        int[] there = {1};
        NvmlLibrary library = new OverriddenNvml()
                .with(
                        "nvmlDeviceGetComputeRunningProcesses_v3",
                        arguments -> there[0] == 0 ? none(arguments) : listsProcess42(arguments))
                .with("nvmlDeviceGetGraphicsRunningProcesses_v3", DeviceProcessesTest::none)
                .with("nvmlDeviceGetMPSComputeRunningProcesses_v3", DeviceProcessesTest::none)
                .over(CompiledNvml.load(CompiledNvml.library()));
        NvmlDevice gpu = gpu(0, false, library);
        assertThat(gpu.processes().all().orElseThrow()).hasSize(1);
        there[0] = 0;
        gpu.beginPoll();
        assertThat(gpu.processes().all()).contains(List.of());
    }

    private static int none(Object[] arguments) {
        ((Pointer) arguments[1]).setInt(0, 0);
        return NvmlReturn.SUCCESS.code();
    }

    /** The mean over everything that is asked for first is thrown away; nothing newer than it is idleness. */
    @Test
    void knowsNoUtilizationInTheFirstPollAndIdlenessInTheNext() throws NvmlException {
        NvmlDevice gpu = gpu(0, true);
        assertThat(utilization(gpu)).isEqualTo(Optional.of(OptionalDouble.empty()));
        gpu.beginPoll();
        assertThat(utilization(gpu)).isEqualTo(Optional.of(OptionalDouble.of(0)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 37, 100, 101, 4_294_967_295L})
    void dropsAShareOfMoreThanAll(long percent) throws NvmlException {
        long[] micros = {1_000};
        NvmlLibrary library = new OverriddenNvml()
                .lacking("nvmlDeviceGetProcessesUtilizationInfo")
                .with("nvmlDeviceGetProcessUtilization", arguments -> {
                    Pointer sample = (Pointer) arguments[1];
                    assertThat(arguments[3]).as("the newest that was seen").isEqualTo(micros[0] - 1_000);
                    NvmlStructs.ProcessUtilizationSample.PID.set(sample, 1300L);
                    NvmlStructs.ProcessUtilizationSample.TIME_STAMP.set(sample, micros[0]);
                    NvmlStructs.ProcessUtilizationSample.SM_UTIL.set(sample, percent);
                    ((Pointer) arguments[2]).setInt(0, 1);
                    micros[0] += 1_000;
                    return NvmlReturn.SUCCESS.code();
                })
                .over(CompiledNvml.load(CompiledNvml.library()));
        NvmlDevice gpu = gpu(0, true, library);
        utilization(gpu);
        gpu.beginPoll();
        assertThat(utilization(gpu))
                .isEqualTo(Optional.of(percent > 100 ? OptionalDouble.empty() : OptionalDouble.of(percent / 100.0)));
    }

    private static Optional<OptionalDouble> utilization(NvmlDevice gpu) throws NvmlException {
        return gpu.processes().all().orElseThrow().stream()
                .filter(process -> process.pid() == 1300)
                .map(GpuProcess::smUtilizationRatio)
                .findFirst();
    }

    private static List<GpuProcess> ofKind(Kind kind, NvmlDevice gpu) throws NvmlException {
        return gpu.processes().all().orElseThrow().stream()
                .filter(process -> process.kind() == kind)
                .toList();
    }
}
