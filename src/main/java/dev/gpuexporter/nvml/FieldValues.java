package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_VALUE_TYPE_UNSIGNED_INT;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
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
    private final List<Field> supported;
    private final BitSet supportedIds = new BitSet();
    private final Map<Field, Value> values = new HashMap<>();
    private final Memory memory;
    private final Pointer[] slots;

    FieldValues(NvmlLibrary nvml, Collection<Field> wanted) {
        this.nvml = nvml;
        this.wanted = List.copyOf(wanted);
        this.supported = new ArrayList<>(wanted.size());
        this.memory = new Memory(Math.max(1, wanted.size()) * (long) FieldValue.LAYOUT.size());
        this.slots = new Pointer[wanted.size()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = memory.share((long) i * FieldValue.LAYOUT.size());
        }
        forgetUnsupported();
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
        noteIds();
    }

    private void noteIds() {
        supportedIds.clear();
        supported.forEach(field -> supportedIds.set(field.id()));
    }

    /** Whether the value is read in any scope, and the device has not said of each that it does not support it. */
    boolean isSupported(int id) {
        return supportedIds.get(id);
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
        for (int i = 0; i < supported.size(); i++) {
            slots[i].setInt(FieldValue.FIELD_ID.offset(), supported.get(i).id());
            slots[i].setInt(FieldValue.SCOPE_ID.offset(), supported.get(i).scope());
        }
        NvmlReturn code = NvmlReturn.of(nvml.nvmlDeviceGetFieldValues(device, supported.size(), memory));
        if (code != NvmlReturn.SUCCESS) {
            throw new NvmlException(FUNCTION, code);
        }
        Set<Field> refused = new HashSet<>();
        for (int i = 0; i < supported.size(); i++) {
            Field field = supported.get(i);
            Pointer slot = slots[i];
            NvmlReturn answer = NvmlReturn.of(FieldValue.NVML_RETURN.s32(slot));
            switch (answer.kind()) {
                case SUCCESS -> decode(slot).ifPresent(number -> values.put(field, value(number, slot)));
                case UNSUPPORTED, INVALID_ARGUMENT, DENIED -> refused.add(field);
                case GPU_LOST, DRIVER_GONE -> throw new NvmlException(FUNCTION, answer);
                default -> {}
            }
        }
        if (supported.removeAll(refused)) {
            noteIds();
        }
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
        return NvmlValue.decode(FieldValue.VALUE_TYPE.s32(slot), slot, FieldValue.VALUE.offset());
    }
}
