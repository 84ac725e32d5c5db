package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_VALUE_TYPE_UNSIGNED_INT;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
    private final Map<Field, Value> values = new LinkedHashMap<>();
    private final List<Value> supported;
    private final BitSet supportedIds = new BitSet();
    private final Memory memory;

    FieldValues(NvmlLibrary nvml, Collection<Field> wanted) {
        this.nvml = nvml;
        wanted.forEach(field -> values.put(field, new Value(field)));
        this.supported = new ArrayList<>(values.size());
        this.memory = new Memory(Math.max(1, values.size()) * (long) FieldValue.LAYOUT.size());
        forgetUnsupported();
    }

    /** One value as it was read last: the same object in each poll, since a GPU has hundreds. */
    static final class Value {
        private final Field field;
        private boolean isTold;
        private double number;
        private boolean is32Bits;
        private long micros;

        private Value(Field field) {
            this.field = field;
        }

        double number() {
            return number;
        }

        /** Whether it is an unsigned number of 32 bits. */
        boolean is32Bits() {
            return is32Bits;
        }

        /** When it was read, on the driver's clock. */
        long micros() {
            return micros;
        }

        /** A union: what it holds is told by its type alone, and a timestamp of 0 means that it holds nothing. */
        private void decode(Memory memory, long slot) {
            int type = memory.getInt(slot + FieldValue.VALUE_TYPE.offset());
            OptionalDouble decoded = NvmlValue.decode(type, memory, slot + FieldValue.VALUE.offset());
            micros = memory.getLong(slot + FieldValue.TIMESTAMP.offset());
            isTold = micros != 0 && decoded.isPresent();
            number = decoded.orElse(0);
            is32Bits = type == NVML_VALUE_TYPE_UNSIGNED_INT;
        }
    }

    void forgetUnsupported() {
        supported.clear();
        supported.addAll(values.values());
        noteIds();
    }

    private void noteIds() {
        supportedIds.clear();
        supported.forEach(value -> supportedIds.set(value.field.id()));
    }

    /** Whether the value is read in any scope, and the device has not said of each that it does not support it. */
    boolean isSupported(int id) {
        return supportedIds.get(id);
    }

    /** Empty where the driver gave none in this poll. */
    Optional<Value> get(Field field) {
        Value value = values.get(field);
        return value == null || !value.isTold ? Optional.empty() : Optional.of(value);
    }

    /** Reads every wanted value the device supports, in one call. */
    void read(Pointer device) throws NvmlException {
        if (supported.isEmpty()) {
            return;
        }
        // Zeroed before each call: a driver may leave the value of a field it skips as it was.
        memory.clear();
        for (int i = 0; i < supported.size(); i++) {
            Value value = supported.get(i);
            value.isTold = false;
            memory.setInt(slot(i) + FieldValue.FIELD_ID.offset(), value.field.id());
            memory.setInt(slot(i) + FieldValue.SCOPE_ID.offset(), value.field.scope());
        }
        NvmlReturn code = NvmlReturn.of(nvml.nvmlDeviceGetFieldValues(device, supported.size(), memory));
        if (code != NvmlReturn.SUCCESS) {
            throw new NvmlException(FUNCTION, code);
        }
        Set<Value> refused = new HashSet<>();
        for (int i = 0; i < supported.size(); i++) {
            NvmlReturn answer = NvmlReturn.of(memory.getInt(slot(i) + FieldValue.NVML_RETURN.offset()));
            switch (answer.kind()) {
                case SUCCESS -> supported.get(i).decode(memory, slot(i));
                case UNSUPPORTED, INVALID_ARGUMENT, DENIED -> refused.add(supported.get(i));
                case GPU_LOST, DRIVER_GONE -> throw new NvmlException(FUNCTION, answer);
                default -> {}
            }
        }
        if (!refused.isEmpty()) {
            supported.removeAll(refused);
            noteIds();
        }
    }

    private static long slot(int index) {
        return (long) index * FieldValue.LAYOUT.size();
    }
}
