package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_VALUE_TYPE_UNSIGNED_INT;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A device's field values, all read in one call. The call's success is not each value's: a value that is not supported
 * is not asked for again until {@link #forgetUnsupported()}, the others are left out where the driver gave none.
 */
final class FieldValues {
    static final String FUNCTION = "nvmlDeviceGetFieldValues";

    private final NvmlLibrary nvml;
    private final List<Value> wanted = new ArrayList<>();
    private final List<Value> supported = new ArrayList<>();
    private final BitSet supportedIds = new BitSet();

    private final Memory memory;

    /** The same memory: to look at it through JNA would be a call into C each time. */
    private final ByteBuffer slots;

    /** By id, then by scope: a poll looks up hundreds. */
    private Value[][] byId = {};

    /** @param counters those of them that count */
    FieldValues(NvmlLibrary nvml, Collection<Field> fields, Set<Field> counters) {
        this.nvml = nvml;
        fields.forEach(field -> want(field, counters.contains(field)));
        this.memory = new Memory(Math.max(1, wanted.size()) * (long) FieldValue.LAYOUT.size());
        this.slots = memory.getByteBuffer(0, memory.size());
        forgetUnsupported();
    }

    private void want(Field field, boolean counts) {
        if (find(field.id(), field.scope()) != null) {
            return;
        }
        if (field.id() >= byId.length) {
            byId = Arrays.copyOf(byId, field.id() + 1);
        }
        Value[] ofId = byId[field.id()] == null ? new Value[0] : byId[field.id()];
        byId[field.id()] = Arrays.copyOf(ofId, Math.max(ofId.length, place(field.scope()) + 1));
        Value value = new Value(field, counts);
        byId[field.id()][place(field.scope())] = value;
        wanted.add(value);
    }

    /** {@link NvLinks#ALL_LINKS} is -1, the links are numbered from 0. */
    private static int place(int scope) {
        return scope + 1;
    }

    /** Null where nobody wants it. */
    private Value find(int id, int scope) {
        Value[] ofId = id < byId.length ? byId[id] : null;
        return ofId != null && place(scope) < ofId.length ? ofId[place(scope)] : null;
    }

    /** One value as it was read last: the same object in each poll, since a GPU has hundreds. */
    static final class Value {
        private final Field field;
        private final boolean counts;
        private boolean isTold;
        private OptionalDouble number = OptionalDouble.of(0);
        private boolean is32Bits;
        private long micros;

        private Value(Field field, boolean counts) {
            this.field = field;
            this.counts = counts;
        }

        Field field() {
            return field;
        }

        /** Never empty: the same object until it is another number, as most are from poll to poll. */
        OptionalDouble optional() {
            return number;
        }

        double number() {
            return number.getAsDouble();
        }

        /** Whether it is a counter that the hardware has in 32 bits. */
        boolean wraps() {
            return counts && is32Bits;
        }

        /** When it was read, on the driver's clock. */
        long micros() {
            return micros;
        }

        /** A union: what it holds is told by its type alone, and a timestamp of 0 means that it holds nothing. */
        private void decode(ByteBuffer values, int slot) {
            int type = values.getInt(slot + FieldValue.VALUE_TYPE.offset());
            micros = values.getLong(slot + FieldValue.TIMESTAMP.offset());
            isTold = micros != 0 && NvmlValue.isKnown(type);
            if (isTold) {
                take(NvmlValue.number(type, values, slot + FieldValue.VALUE.offset()));
            }
            is32Bits = type == NVML_VALUE_TYPE_UNSIGNED_INT;
        }

        private void take(double next) {
            if (Double.compare(number.getAsDouble(), next) != 0) {
                number = OptionalDouble.of(next);
            }
        }
    }

    void forgetUnsupported() {
        supported.clear();
        supported.addAll(wanted);
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

    /** Null where the driver gave none in this poll. */
    Value get(int id, int scope) {
        Value value = find(id, scope);
        return value != null && value.isTold ? value : null;
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
            slots.putInt(slot(i) + FieldValue.FIELD_ID.offset(), value.field.id());
            slots.putInt(slot(i) + FieldValue.SCOPE_ID.offset(), value.field.scope());
        }
        NvmlReturn code = NvmlReturn.of(nvml.nvmlDeviceGetFieldValues(device, supported.size(), memory));
        if (code != NvmlReturn.SUCCESS) {
            throw new NvmlException(FUNCTION, code);
        }
        Set<Value> refused = new HashSet<>();
        for (int i = 0; i < supported.size(); i++) {
            NvmlReturn answer = NvmlReturn.of(slots.getInt(slot(i) + FieldValue.NVML_RETURN.offset()));
            switch (answer.kind()) {
                case SUCCESS -> supported.get(i).decode(slots, slot(i));
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

    private static int slot(int index) {
        return index * FieldValue.LAYOUT.size();
    }
}
