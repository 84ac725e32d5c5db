package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlCall.Answer;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import java.lang.reflect.Method;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@link NvmlLibrary} and {@link NvmlStructs} against a C library, through the real dynamic loader. */
class NvmlAbiTest {
    private final CEnvironment environment = new CEnvironment();
    private NvmlLibrary nvml;
    private NvmlCalls calls;

    @BeforeEach
    void initializeNvml() {
        environment.with("FAKE_NVML_EVENTS", EventSetCalls.EVENTS);
        nvml = CompiledNvml.load(CompiledNvml.library());
        calls = new NvmlCalls(nvml);
        assertThat(nvml.nvmlInit_v2()).isZero();
    }

    @AfterEach
    void shutNvmlDown() {
        if (nvml != null) {
            nvml.nvmlShutdown();
        }
        environment.close();
    }

    @Test
    void everyFunctionOfTheInterfaceIsCalledHere() {
        assertThat(allCalls().map(NvmlCall::function).distinct())
                .as("NvmlCalls (with src/test/c) against NvmlLibrary")
                .containsExactlyInAnyOrderElementsOf(Stream.of(NvmlLibrary.class.getDeclaredMethods())
                        .map(Method::getName)
                        .toList());
    }

    @Test
    void everyMemberOfEveryStructIsReadHere() {
        for (Struct struct : DeclaredStructs.all()) {
            assertThat(struct.members()).as(struct.cName()).allMatch(member -> allCalls()
                    .flatMap(call -> call.answers().stream())
                    .anyMatch(answer -> answer.member() == member));
        }
    }

    @Test
    void theAnswersOfACallCanBeToldApart() {
        assertThat(allCalls()).allSatisfy(call -> assertThat(call.answers())
                .as(call.function())
                .extracting(Answer::ofFirst)
                .doesNotHaveDuplicates());
    }

    @Test
    void everyFunctionOfTheSystemAnswersWhatCWrote() {
        calls.ofTheSystem().forEach(call -> call.verify(Pointer.NULL, 0));
    }

    @Test
    void everyFunctionOfADeviceAnswersWhatCWrote() {
        for (int gpu = 0; gpu < 2; gpu++) {
            for (NvmlCall call : ofADevice()) {
                call.verify(device(gpu), gpu);
            }
        }
    }

    @Test
    void aDeviceThatIsNoneIsRefused() {
        for (NvmlCall call : ofADevice()) {
            assertThat(call.codeFor(Pointer.NULL)).as(call.function()).isEqualTo(NvmlReturn.INVALID_ARGUMENT);
        }
    }

    @Test
    void nothingAnswersBeforeNvmlIsInitialized() {
        nvml.nvmlShutdown();
        assertThat(allCalls().filter(call -> !call.function().equals("nvmlInit_v2")))
                .allSatisfy(call -> assertThat(call.codeFor(Pointer.NULL))
                        .as(call.function())
                        .isEqualTo(NvmlReturn.UNINITIALIZED));
    }

    @Test
    void structsOfAnotherVersionAreRefused() {
        assertThat(ofADevice())
                .filteredOn(call -> call.answers().stream()
                        .anyMatch(answer -> answer.member().name().equals("version")))
                .isNotEmpty()
                .allSatisfy(call -> assertThat(call.codeFor(device(0)))
                        .as(call.function())
                        .isEqualTo(NvmlReturn.ARGUMENT_VERSION_MISMATCH));
    }

    @Test
    void aStringThatDoesNotFitIsRefused() {
        Memory serial = new Memory(NVML_DEVICE_SERIAL_BUFFER_SIZE);
        int length = "serial 0".length();
        assertThat(nvml.nvmlDeviceGetSerial(device(0), serial, length)).isEqualTo(NvmlReturn.INSUFFICIENT_SIZE.code());
        assertThat(nvml.nvmlDeviceGetSerial(device(0), serial, length + 1)).isZero();
    }

    @Test
    void aFieldValueIsAsWideAsItsTypeSays() {
        Memory values = fields(9000, 9001, 9002, 9003, 9004, 9005, 9006);
        assertThat(nvml.nvmlDeviceGetFieldValues(device(1), 7, values)).isZero();

        assertThat(answer(values, NVML_VALUE_TYPE_DOUBLE).getDouble(FieldValue.VALUE.offset()))
                .isEqualTo(9001.25);
        assertThat(FieldValue.VALUE.u32(answer(values, NVML_VALUE_TYPE_UNSIGNED_INT)))
                .isEqualTo(9_001_001);
        assertThat(FieldValue.VALUE.u64(answer(values, NVML_VALUE_TYPE_UNSIGNED_LONG)))
                .isEqualTo(90_020_000_000_001L);
        assertThat(FieldValue.VALUE.u64(answer(values, NVML_VALUE_TYPE_UNSIGNED_LONG_LONG)))
                .isEqualTo(90_030_000_000_001L);
        assertThat(FieldValue.VALUE.u64(answer(values, NVML_VALUE_TYPE_SIGNED_LONG_LONG)))
                .isEqualTo(-90_040_000_000_001L);
        assertThat(FieldValue.VALUE.s32(answer(values, NVML_VALUE_TYPE_SIGNED_INT)))
                .isEqualTo(-15);
        assertThat(FieldValue.VALUE.u32(answer(values, NVML_VALUE_TYPE_UNSIGNED_SHORT)) & 0xffff)
                .isEqualTo(9007);
    }

    @Test
    void oneUnknownFieldDoesNotSpoilTheCall() {
        Memory values = fields(NVML_FI_DEV_MEMORY_TEMP, 5000, NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION);
        assertThat(nvml.nvmlDeviceGetFieldValues(device(0), 3, values)).isZero();

        assertThat(FieldValue.VALUE.u32(answer(values, 0))).isEqualTo(82);
        assertThat(FieldValue.NVML_RETURN.s32(answer(values, 1))).isEqualTo(NvmlReturn.NOT_SUPPORTED.code());
        assertThat(FieldValue.TIMESTAMP.u64(answer(values, 1))).isZero();
        assertThat(FieldValue.VALUE.u64(answer(values, 2))).isEqualTo(830_000_000_000L);
    }

    @Test
    void aMissingFunctionAnswersThatItIsNotThere() {
        NvmlLibrary older = CompiledNvml.load(CompiledNvml.without("nvmlDeviceGetMarginTemperature"));
        Memory out = new Memory(8);
        assertThat(older.nvmlInit_v2()).isZero();
        assertThat(older.nvmlDeviceGetHandleByIndex_v2(0, out)).isZero();
        Pointer device = out.getPointer(0);

        assertThat(older.nvmlDeviceGetPowerUsage(device, out)).isZero();
        assertThat(NvmlReturn.of(older.nvmlDeviceGetMarginTemperature(device, out)))
                .isEqualTo(NvmlReturn.FUNCTION_NOT_FOUND);
    }

    private Stream<NvmlCall> allCalls() {
        return Stream.of(calls.ofTheSystem(), ofADevice()).flatMap(List::stream);
    }

    private List<NvmlCall> ofADevice() {
        return Stream.of(calls.ofADevice(), new EventSetCalls(nvml).all(), new ProcessListCalls(nvml).all())
                .flatMap(List::stream)
                .toList();
    }

    private Pointer device(int index) {
        Memory out = new Memory(8);
        assertThat(nvml.nvmlDeviceGetHandleByIndex_v2(index, out)).isZero();
        return out.getPointer(0);
    }

    private static Memory fields(int... ids) {
        Memory values = new Memory((long) ids.length * FieldValue.LAYOUT.size());
        values.clear();
        for (int i = 0; i < ids.length; i++) {
            FieldValue.FIELD_ID.set(answer(values, i), ids[i]);
        }
        return values;
    }

    private static Pointer answer(Memory values, int index) {
        return values.share((long) index * FieldValue.LAYOUT.size());
    }
}
