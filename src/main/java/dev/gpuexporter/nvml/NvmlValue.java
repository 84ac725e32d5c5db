package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import java.nio.ByteBuffer;
import java.util.OptionalDouble;

/** C's union {@code nvmlValue_t}: how many of its bytes mean something, and what, is told by its type alone. */
final class NvmlValue {
    private NvmlValue() {}

    /** Whether a number of this {@code nvmlValueType_t} can be read; a newer driver may have others. */
    static boolean isKnown(int type) {
        return type >= NVML_VALUE_TYPE_DOUBLE && type <= NVML_VALUE_TYPE_UNSIGNED_SHORT;
    }

    /** @param type a known one; {@link #decode} */
    static double number(int type, ByteBuffer memory, int at) {
        return switch (type) {
            case NVML_VALUE_TYPE_DOUBLE -> memory.getDouble(at);
            case NVML_VALUE_TYPE_UNSIGNED_INT -> Integer.toUnsignedLong(memory.getInt(at));
            case NVML_VALUE_TYPE_UNSIGNED_LONG, NVML_VALUE_TYPE_UNSIGNED_LONG_LONG, NVML_VALUE_TYPE_SIGNED_LONG_LONG ->
                memory.getLong(at);
            case NVML_VALUE_TYPE_SIGNED_INT -> memory.getInt(at);
            case NVML_VALUE_TYPE_UNSIGNED_SHORT -> Short.toUnsignedInt(memory.getShort(at));
            default -> throw new IllegalArgumentException("nvmlValueType_t " + type);
        };
    }

    /**
     * @param type an {@code nvmlValueType_t}
     * @param at where in the memory the union begins, bytes
     * @return empty for a type that a newer driver has
     */
    static OptionalDouble decode(int type, ByteBuffer memory, int at) {
        return isKnown(type) ? OptionalDouble.of(number(type, memory, at)) : OptionalDouble.empty();
    }
}
