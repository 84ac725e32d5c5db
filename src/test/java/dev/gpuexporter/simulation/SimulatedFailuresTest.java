package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.Damage;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.Failure;
import dev.gpuexporter.config.Scenario.FailureKind;
import dev.gpuexporter.config.Scenario.Window;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.nvml.NvmlReturn;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SimulatedFailuresTest {
    @Test
    void aLostGpuAnswersNothingAndIsStillCounted() {
        Caller caller = Caller.ofFile("lost-gpu");
        Pointer lost = caller.gpu(1);
        caller.pass(Duration.ofMillis(29_999));
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetPowerUsage(lost, out)))
                .isEqualTo(NvmlReturn.SUCCESS);
        caller.pass(Duration.ofMillis(1));
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetPowerUsage(lost, out)))
                .isEqualTo(NvmlReturn.GPU_IS_LOST);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetUUID(lost, out, 96)))
                .isEqualTo(NvmlReturn.GPU_IS_LOST);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetFieldValues(lost, 1, out)))
                .isEqualTo(NvmlReturn.GPU_IS_LOST);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetHandleByIndex_v2(1, out)))
                .isEqualTo(NvmlReturn.GPU_IS_LOST);
        assertThat(caller.code(caller.nvml::nvmlDeviceGetCount_v2)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.out.getInt(0)).isEqualTo(2);
        assertThat(caller.code(0, caller.nvml::nvmlDeviceGetPowerUsage)).isEqualTo(NvmlReturn.SUCCESS);
    }

    @Test
    void withoutPermissionThereIsNoHandle() {
        Caller caller = Caller.ofFile("no-permission");
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetHandleByIndex_v2(0, out)))
                .isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetHandleByIndex_v2(1, out)))
                .isEqualTo(NvmlReturn.NO_PERMISSION);
        caller.nvml.nvmlDeviceGetCount_v2(caller.out);
        assertThat(caller.out.getInt(0)).isEqualTo(2);
    }

    @Test
    @Timeout(30)
    void aHungCallReturnsOnlyWhenTheWindowEndsWhateverInterruptsIt() throws InterruptedException {
        Caller caller = Caller.ofFile("hung-gpu");
        Pointer hung = caller.gpu(2);
        caller.pass(Duration.ofSeconds(30));
        AtomicReference<NvmlReturn> answer = new AtomicReference<>();
        Memory out = new Memory(8);
        Thread thread = new Thread(() -> {
            answer.set(NvmlReturn.of(caller.nvml.nvmlDeviceGetPowerUsage(hung, out)));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
        thread.setDaemon(true);
        thread.start();
        thread.join(50);
        thread.interrupt();
        thread.join(50);
        assertThat(thread.isAlive()).isTrue();
        assertThat(caller.code(1, caller.nvml::nvmlDeviceGetPowerUsage)).isEqualTo(NvmlReturn.SUCCESS);
        caller.pass(Duration.ofSeconds(60));
        thread.join(10_000);
        assertThat(answer).hasValue(NvmlReturn.SUCCESS);
        assertThat(out.getInt(0)).isPositive();
    }

    @Test
    @Timeout(30)
    void aHangOfOneFunctionLeavesTheOthers() {
        Caller caller = Caller.ofFile("hung-gpu");
        caller.pass(Duration.ofMinutes(11));
        assertThat(caller.utilizationPercent(0)).isPositive();
        Thread thread = new Thread(() -> caller.nvml.nvmlDeviceGetPowerUsage(caller.gpu(0), caller.out));
        thread.setDaemon(true);
        thread.start();
        assertThat(thread.isAlive()).isTrue();
    }

    @Test
    void whenTheDriverHasBeenAwayNvmlWantsToBeInitializedAgain() {
        Caller caller = Caller.ofFile("driver-gone");
        Pointer gpu = caller.gpu(0);
        caller.pass(Duration.ofSeconds(119));
        assertThat(caller.energyMillijoules(0)).isGreaterThan(119 * 20_000L);
        caller.pass(Duration.ofSeconds(2));
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetPowerUsage(gpu, out)))
                .isEqualTo(NvmlReturn.DRIVER_NOT_LOADED);
        assertThat(caller.code(caller.nvml::nvmlDeviceGetCount_v2)).isEqualTo(NvmlReturn.DRIVER_NOT_LOADED);
        assertThat(caller.nvml.nvmlInit_v2()).isEqualTo(NvmlReturn.DRIVER_NOT_LOADED.code());
        assertThat(caller.nvml.nvmlShutdown()).isZero();
        caller.pass(Duration.ofSeconds(60));
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetPowerUsage(gpu, out)))
                .isEqualTo(NvmlReturn.UNINITIALIZED);
        assertThat(caller.nvml.nvmlInit_v2()).isZero();
        assertThat(caller.energyMillijoules(0)).isBetween(1L, 2 * 70_000L);
        assertThat(caller.fieldValue(0, 3)).isZero();
        assertThat(caller.utilizationPercent(0)).isPositive();
    }

    @Test
    void whoDidNotShutDownMustInitializeAgainAllTheSame() {
        Caller caller = Caller.ofFile("driver-gone");
        caller.pass(Duration.ofMinutes(4));
        assertThat(caller.code(caller.nvml::nvmlDeviceGetCount_v2)).isEqualTo(NvmlReturn.UNINITIALIZED);
        assertThat(caller.nvml.nvmlInit_v2()).isZero();
        assertThat(caller.code(caller.nvml::nvmlDeviceGetCount_v2)).isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.nvml.nvmlShutdown()).isZero();
        assertThat(caller.code(caller.nvml::nvmlDeviceGetCount_v2)).isEqualTo(NvmlReturn.UNINITIALIZED);
    }

    @Test
    void aLibraryThatIsNotTheDriversDoesNotInitialize() {
        Caller caller = failing(new Failure(
                FailureKind.VERSION_MISMATCH,
                OptionalInt.empty(),
                new Window(Duration.ZERO, Optional.of(Duration.ofMinutes(1))),
                Optional.empty(),
                OptionalInt.empty()));
        assertThat(caller.nvml.nvmlInit_v2()).isEqualTo(NvmlReturn.LIB_RM_VERSION_MISMATCH.code());
        caller.pass(Duration.ofMinutes(1));
        assertThat(caller.nvml.nvmlInit_v2()).isZero();
    }

    @Test
    void anUnknownErrorConcernsOneFunction() {
        Caller caller = Caller.ofFile("mixed-node");
        caller.pass(Duration.ofSeconds(61));
        assertThat(caller.code(1, (gpu, out) -> caller.nvml.nvmlDeviceGetEccMode(gpu, out, out.share(8))))
                .isEqualTo(NvmlReturn.UNKNOWN);
        assertThat(caller.code(0, (gpu, out) -> caller.nvml.nvmlDeviceGetEccMode(gpu, out, out.share(8))))
                .isEqualTo(NvmlReturn.SUCCESS);
        assertThat(caller.code(1, caller.nvml::nvmlDeviceGetPowerUsage)).isEqualTo(NvmlReturn.SUCCESS);
        caller.pass(Duration.ofMinutes(1));
        assertThat(caller.code(1, (gpu, out) -> caller.nvml.nvmlDeviceGetEccMode(gpu, out, out.share(8))))
                .isEqualTo(NvmlReturn.SUCCESS);
    }

    @Test
    void anUnknownErrorMayConcernTheNode() {
        Caller caller = failing(new Failure(
                        FailureKind.UNKNOWN_ERROR,
                        OptionalInt.empty(),
                        Window.ALWAYS,
                        Optional.of("nvmlDeviceGetCount_v2"),
                        OptionalInt.empty()))
                .initialized();
        assertThat(caller.code(caller.nvml::nvmlDeviceGetCount_v2)).isEqualTo(NvmlReturn.UNKNOWN);
    }

    @Test
    void aGpuThatNeedsAResetSaysSoToEveryCall() {
        Caller caller = Caller.ofFile("mixed-node");
        Pointer gpu = caller.gpu(1);
        caller.pass(Duration.ofSeconds(301));
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetName(gpu, out, 96)))
                .isEqualTo(NvmlReturn.RESET_REQUIRED);
        caller.pass(Duration.ofSeconds(60));
        assertThat(caller.code(out -> caller.nvml.nvmlDeviceGetName(gpu, out, 96)))
                .isEqualTo(NvmlReturn.SUCCESS);
    }

    @Test
    void aGpuThatWasResetCountsAnew() {
        Caller caller = Caller.ofFile("mixed-node"); // GPU 1 needs a reset in the sixth minute
        caller.pass(Duration.ofSeconds(299));
        long before = caller.energyMillijoules(1);
        caller.pass(Duration.ofSeconds(62));
        assertThat(caller.energyMillijoules(1)).isLessThan(before / 100);
        assertThat(caller.energyMillijoules(0)).isGreaterThan(before);
    }

    @Test
    void aLinkThatIsDownMovesNothing() {
        Caller caller = Caller.ofFile("link-trouble");
        caller.pass(Duration.ofSeconds(31));
        long sent = caller.fieldValue(0, 138, 3);
        assertThat(caller.fieldValue(0, 165, 3)).isZero();
        assertThat(caller.field(0, 164, 3)).isEqualTo(NvmlReturn.NOT_SUPPORTED);
        caller.pass(Duration.ofSeconds(50));
        assertThat(caller.fieldValue(0, 138, 3)).isEqualTo(sent);
        assertThat(caller.fieldValue(0, 138, 4)).isGreaterThan(sent);
        caller.pass(Duration.ofSeconds(20));
        assertThat(caller.fieldValue(0, 165, 3)).isEqualTo(1);
        assertThat(caller.fieldValue(0, 138, 3)).isGreaterThan(sent);
    }

    @Test
    void aLinkThatIsNotThereCannotFail() {
        Failure failure = new Failure(
                FailureKind.NVLINK_DOWN,
                OptionalInt.of(0),
                Window.ALWAYS,
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.of(3),
                Damage.NONE);
        assertThatThrownBy(() -> failing(failure))
                .isInstanceOf(BadInputException.class)
                .hasMessage("scenario failing: GPU 0: no NVLink 3, it has 0 (t4)");
    }

    @Test
    void aFunctionThatNobodyCallsCannotFail() {
        Failure failure = new Failure(
                FailureKind.HANG,
                OptionalInt.of(0),
                Window.ALWAYS,
                Optional.of("nvmlDeviceGetPowerUsge"),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Damage.NONE);
        assertThatThrownBy(() -> failing(failure))
                .isInstanceOf(BadInputException.class)
                .hasMessage("scenario failing: the exporter never calls nvmlDeviceGetPowerUsge; did you mean"
                        + " nvmlDeviceGetPowerUsage?");
    }

    @Test
    void aFunctionThatNobodyCallsCannotBeMissing() {
        var t4 = Caller.SCENARIOS.read("t4");
        var older = new Scenario("old", 1, "580.1", "13.0", t4.gpus(), List.of(), List.of(), Set.of("nvmlSleep"));
        assertThatThrownBy(() -> new SimulatedNode(older))
                .isInstanceOf(BadInputException.class)
                .hasMessage(
                        "scenario old: the exporter never calls nvmlSleep; write one such as nvmlDeviceGetPowerUsage");
    }

    @Test
    void anXidLeavesTheGpuGoing() {
        Caller caller = Caller.ofFile("mixed-node");
        caller.pass(Duration.ofSeconds(91));
        assertThat(caller.code(0, caller.nvml::nvmlDeviceGetPowerUsage)).isEqualTo(NvmlReturn.SUCCESS);
    }

    /** So every function also says its own name to the failures, and none has been forgotten. */
    @Test
    void everyFunctionCanBeMissingFromTheLibrary() throws ReflectiveOperationException {
        List<Method> functions = Arrays.stream(NvmlLibrary.class.getMethods())
                .filter(method -> method.getDeclaringClass() != Library.class)
                .toList();
        Set<String> names = functions.stream().map(Method::getName).collect(Collectors.toSet());
        SimulatedNvml nvml = new SimulatedNvml(
                new Scenario("bare", 1, "580.1", "13.0", List.of(Scenario.Gpu.of("t4")), List.of(), List.of(), names),
                () -> 0);
        assertThat(names).hasSizeGreaterThan(50);
        for (Method function : functions) {
            Object[] arguments = Arrays.stream(function.getParameterTypes())
                    .map(type -> type == int.class ? (Object) 0 : type == long.class ? 0L : null)
                    .toArray();
            assertThat(function.invoke(nvml, arguments))
                    .as(function.getName())
                    .isEqualTo(NvmlReturn.FUNCTION_NOT_FOUND.code());
        }
    }

    private static Caller failing(Failure failure) {
        return new Caller(new Scenario(
                "failing", 1, "580.1", "13.0", List.of(Scenario.Gpu.of("t4")), List.of(), List.of(failure), Set.of()));
    }
}
