package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Pointer;
import java.util.OptionalDouble;

/** C's union {@code nvmlValue_t}: how many of its bytes mean something, and what, is told by its type alone. */
final class NvmlValue {
    private NvmlValue() {}

    /**
     * @param type an {@code nvmlValueType_t}
     * @return empty for a type that a newer driver has
     */
    static OptionalDouble decode(int type, Pointer union) {
        return switch (type) {
            case NVML_VALUE_TYPE_DOUBLE -> OptionalDouble.of(union.getDouble(0));
            case NVML_VALUE_TYPE_UNSIGNED_INT -> OptionalDouble.of(Integer.toUnsignedLong(union.getInt(0)));
            case NVML_VALUE_TYPE_UNSIGNED_LONG, NVML_VALUE_TYPE_UNSIGNED_LONG_LONG, NVML_VALUE_TYPE_SIGNED_LONG_LONG ->
                OptionalDouble.of(union.getLong(0));
            case NVML_VALUE_TYPE_SIGNED_INT -> OptionalDouble.of(union.getInt(0));
            case NVML_VALUE_TYPE_UNSIGNED_SHORT -> OptionalDouble.of(Short.toUnsignedInt(union.getShort(0)));
            default -> OptionalDouble.empty();
        };
    }
}
