package dev.gpuexporter.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A device's field values, all read in one call. The call's success is not each value's: a value that is not supported
 * is not asked for again until {@link #forgetUnsupported()}, the others are left out where the driver gave none.
 */
final class FieldValues {
    static final String FUNCTION = "nvmlDeviceGetFieldValues";

    private final NvmlLibrary nvml;
    private final List<Field> wanted;
    private final List<Field> supported;
    private final Map<Field, OptionalDouble> values = new HashMap<>();
    private final Memory memory;

    FieldValues(NvmlLibrary nvml, Collection<Field> wanted) {
        this.nvml = nvml;
        this.wanted = List.copyOf(wanted);
        this.supported = new ArrayList<>(wanted);
        this.memory = new Memory(Math.max(1, wanted.size()) * (long) FieldValue.LAYOUT.size());
    }

    void forgetUnsupported() {
        supported.clear();
        supported.addAll(wanted);
    }

    OptionalDouble get(Field field) {
        return values.getOrDefault(field, OptionalDouble.empty());
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
            Pointer slot = slot(i);
            FieldValue.FIELD_ID.set(slot, supported.get(i).id());
            FieldValue.SCOPE_ID.set(slot, supported.get(i).scope());
        }
        NvmlReturn code = NvmlReturn.of(nvml.nvmlDeviceGetFieldValues(device, supported.size(), memory));
        if (code != NvmlReturn.SUCCESS) {
            throw new NvmlException(FUNCTION, code);
        }
        List<Field> unsupported = new ArrayList<>();
        for (int i = 0; i < supported.size(); i++) {
            Pointer slot = slot(i);
            NvmlReturn answer = NvmlReturn.of(FieldValue.NVML_RETURN.s32(slot));
            switch (answer.kind()) {
                case SUCCESS -> values.put(supported.get(i), decode(slot));
                case UNSUPPORTED, INVALID_ARGUMENT, DENIED -> unsupported.add(supported.get(i));
                case GPU_LOST, DRIVER_GONE -> throw new NvmlException(FUNCTION, answer);
                default -> {}
            }
        }
        supported.removeAll(unsupported);
    }

    private Pointer slot(int i) {
        return memory.share((long) i * FieldValue.LAYOUT.size());
    }

    /** A union: what it holds is told by its type alone, and a timestamp of 0 means that it holds nothing. */
    private static OptionalDouble decode(Pointer slot) {
        if (FieldValue.TIMESTAMP.u64(slot) == 0) {
            return OptionalDouble.empty();
        }
        return NvmlValue.decode(FieldValue.VALUE_TYPE.s32(slot), slot.share(FieldValue.VALUE.offset()));
    }
}
