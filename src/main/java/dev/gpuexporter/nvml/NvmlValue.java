package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Pointer;
import java.util.OptionalDouble;

/** C's union {@code nvmlValue_t}: how many of its bytes mean something, and what, is told by its type alone. */
final class NvmlValue {
    private NvmlValue() {}

    /**
     * @param type an {@code nvmlValueType_t}
     * @param at where in the memory the union begins, bytes
     * @return empty for a type that a newer driver has
     */
    static OptionalDouble decode(int type, Pointer memory, long at) {
        return switch (type) {
            case NVML_VALUE_TYPE_DOUBLE -> OptionalDouble.of(memory.getDouble(at));
            case NVML_VALUE_TYPE_UNSIGNED_INT -> OptionalDouble.of(Integer.toUnsignedLong(memory.getInt(at)));
            case NVML_VALUE_TYPE_UNSIGNED_LONG, NVML_VALUE_TYPE_UNSIGNED_LONG_LONG, NVML_VALUE_TYPE_SIGNED_LONG_LONG ->
                OptionalDouble.of(memory.getLong(at));
            case NVML_VALUE_TYPE_SIGNED_INT -> OptionalDouble.of(memory.getInt(at));
            case NVML_VALUE_TYPE_UNSIGNED_SHORT -> OptionalDouble.of(Short.toUnsignedInt(memory.getShort(at)));
            default -> OptionalDouble.empty();
        };
    }
}
