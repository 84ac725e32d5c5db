package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A device's field values, all read in one call. The call's success is not each value's: a value that is not supported
 * is not asked for again until {@link #forgetUnsupported()}, the others are left out where the driver gave none.
 */
final class FieldValues {
    static final String FUNCTION = "nvmlDeviceGetFieldValues";

    private final NvmlLibrary nvml;
    private final List<Field> wanted;
    private final Set<Field> supported;
    private final Map<Field, Value> values = new HashMap<>();
    private final Memory memory;

    FieldValues(NvmlLibrary nvml, Collection<Field> wanted) {
        this.nvml = nvml;
        this.wanted = List.copyOf(wanted);
        this.supported = new LinkedHashSet<>(wanted);
        this.memory = new Memory(Math.max(1, wanted.size()) * (long) FieldValue.LAYOUT.size());
    }

    /**
     * One value.
     *
     * @param is32Bits whether it is an unsigned number of 32 bits
     * @param micros when it was read, on the driver's clock
     */
    record Value(double number, boolean is32Bits, long micros) {}

    void forgetUnsupported() {
        supported.clear();
        supported.addAll(wanted);
    }

    /** Whether the value is read, and the device has not said that it does not support it. */
    boolean isSupported(Field field) {
        return supported.contains(field);
    }

    Optional<Value> get(Field field) {
        return Optional.ofNullable(values.get(field));
    }

    /** Reads every wanted value the device supports, in one call. */
    void read(Pointer device) throws NvmlException {
        values.clear();
        if (supported.isEmpty()) {
            return;
        }
        // Zeroed before each call: a driver may leave the value of a field it skips as it was.
        memory.clear();
        List<Field> asked = List.copyOf(supported);
        for (int i = 0; i < asked.size(); i++) {
            Pointer slot = slot(i);
            FieldValue.FIELD_ID.set(slot, asked.get(i).id());
            FieldValue.SCOPE_ID.set(slot, asked.get(i).scope());
        }
        NvmlReturn code = NvmlReturn.of(nvml.nvmlDeviceGetFieldValues(device, asked.size(), memory));
        if (code != NvmlReturn.SUCCESS) {
            throw new NvmlException(FUNCTION, code);
        }
        for (int i = 0; i < asked.size(); i++) {
            Field field = asked.get(i);
            Pointer slot = slot(i);
            NvmlReturn answer = NvmlReturn.of(FieldValue.NVML_RETURN.s32(slot));
            switch (answer.kind()) {
                case SUCCESS -> decode(slot).ifPresent(number -> values.put(field, value(number, slot)));
                case UNSUPPORTED, INVALID_ARGUMENT, DENIED -> supported.remove(field);
                case GPU_LOST, DRIVER_GONE -> throw new NvmlException(FUNCTION, answer);
                default -> {}
            }
        }
    }

    private Pointer slot(int i) {
        return memory.share((long) i * FieldValue.LAYOUT.size());
    }

    private static Value value(double number, Pointer slot) {
        boolean is32Bits = FieldValue.VALUE_TYPE.s32(slot) == NVML_VALUE_TYPE_UNSIGNED_INT;
        return new Value(number, is32Bits, FieldValue.TIMESTAMP.u64(slot));
    }

    /** A union: what it holds is told by its type alone, and a timestamp of 0 means that it holds nothing. */
    private static OptionalDouble decode(Pointer slot) {
        if (FieldValue.TIMESTAMP.u64(slot) == 0) {
            return OptionalDouble.empty();
        }
        return switch (FieldValue.VALUE_TYPE.s32(slot)) {
            case NVML_VALUE_TYPE_DOUBLE -> OptionalDouble.of(FieldValue.VALUE.f64(slot));
            case NVML_VALUE_TYPE_UNSIGNED_INT -> OptionalDouble.of(FieldValue.VALUE.u32(slot));
            case NVML_VALUE_TYPE_UNSIGNED_LONG, NVML_VALUE_TYPE_UNSIGNED_LONG_LONG, NVML_VALUE_TYPE_SIGNED_LONG_LONG ->
                OptionalDouble.of(FieldValue.VALUE.u64(slot));
            case NVML_VALUE_TYPE_SIGNED_INT -> OptionalDouble.of(FieldValue.VALUE.s32(slot));
            case NVML_VALUE_TYPE_UNSIGNED_SHORT -> OptionalDouble.of(FieldValue.VALUE.u32(slot) & 0xffff);
            default -> OptionalDouble.empty();
        };
    }
}
