package dev.gpuexporter.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.ScenarioFile;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Calls a simulated NVML as a C program does, on a clock that stands still until told. */
final class Caller {
    static final ScenarioFile SCENARIOS = new ScenarioFile(GpuModels.names());

    final SimulatedNode node;
    final SimulatedNvml nvml;
    final Memory out = new Memory(1024);

    private final AtomicLong nanos = new AtomicLong(123_456_789);

    Caller(Scenario scenario) {
        node = new SimulatedNode(scenario, nanos::get, Instant.EPOCH.plusSeconds(1_700_000_000));
        nvml = new SimulatedNvml(node);
        out.clear();
    }

    /** A node by its short name, with NVML initialized. */
    static Caller of(String spec) {
        return new Caller(SCENARIOS.read(spec)).initialized();
    }

    /** A node of src/test/resources/scenarios, with NVML initialized. */
    static Caller ofFile(String name) {
        return new Caller(SCENARIOS.read(Path.of("src/test/resources/scenarios", name + ".conf"))).initialized();
    }

    Caller initialized() {
        assertThat(nvml.nvmlInit_v2()).isZero();
        return this;
    }

    interface Call {
        int into(Pointer out);
    }

    interface GpuCall {
        int on(Pointer gpu, Pointer out);
    }

    interface TextCall {
        int on(Pointer gpu, Pointer out, int length);
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    Pointer gpu(int index) {
        assertThat(code(out -> nvml.nvmlDeviceGetHandleByIndex_v2(index, out))).isEqualTo(NvmlReturn.SUCCESS);
        return out.getPointer(0);
    }

    NvmlReturn code(Call call) {
        return NvmlReturn.of(call.into(out));
    }

    NvmlReturn code(int gpu, GpuCall call) {
        return NvmlReturn.of(call.on(gpu(gpu), out));
    }

    long u32(int gpu, GpuCall call) {
        assertThat(code(gpu, call)).isEqualTo(NvmlReturn.SUCCESS);
        return Integer.toUnsignedLong(out.getInt(0));
    }

    long u64(int gpu, GpuCall call) {
        assertThat(code(gpu, call)).isEqualTo(NvmlReturn.SUCCESS);
        return out.getLong(0);
    }

    String text(int gpu, TextCall call) {
        assertThat(code(gpu, (device, out) -> call.on(device, out, 96))).isEqualTo(NvmlReturn.SUCCESS);
        return out.getString(0);
    }

    /** Reads one field in scope 0; the value is in {@link #out}. */
    NvmlReturn field(int gpu, int field) {
        return field(gpu, field, 0);
    }

    NvmlReturn field(int gpu, int field, int scope) {
        Pointer device = gpu(gpu);
        out.clear();
        FieldValue.FIELD_ID.set(out, (long) field);
        FieldValue.SCOPE_ID.set(out, (long) scope);
        assertThat(nvml.nvmlDeviceGetFieldValues(device, 1, out)).isZero();
        return NvmlReturn.of(FieldValue.NVML_RETURN.s32(out));
    }

    /** The value of a field that the GPU answers. */
    long fieldValue(int gpu, int field) {
        return fieldValue(gpu, field, 0);
    }

    long fieldValue(int gpu, int field, int scope) {
        assertThat(field(gpu, field, scope)).isEqualTo(NvmlReturn.SUCCESS);
        return switch (FieldValue.VALUE_TYPE.s32(out)) {
            case 1 -> FieldValue.VALUE.u64(out) & 0xFFFFFFFFL;
            case 3 -> FieldValue.VALUE.u64(out);
            case 5 -> (int) FieldValue.VALUE.u64(out);
            default -> throw new AssertionError("value type " + FieldValue.VALUE_TYPE.s32(out));
        };
    }

    double powerWatts(int gpu) {
        return fieldValue(gpu, 186) / 1000.0;
    }

    long energyMillijoules(int gpu) {
        return u64(gpu, nvml::nvmlDeviceGetTotalEnergyConsumption);
    }

    long utilizationPercent(int gpu) {
        return u32(gpu, nvml::nvmlDeviceGetUtilizationRates);
    }
}
