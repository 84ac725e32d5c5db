package dev.gpuexporter.simulation;

import dev.gpuexporter.nvml.NvmlConstants;
import java.nio.ByteBuffer;

/**
 * One value of a field.
 *
 * @param type an {@code nvmlValueType_t}: it says how many bytes of the union mean something
 */
record FieldReading(int type, long value) {
    static FieldReading u32(long value) {
        return new FieldReading(NvmlConstants.NVML_VALUE_TYPE_UNSIGNED_INT, value);
    }

    static FieldReading u64(long value) {
        return new FieldReading(NvmlConstants.NVML_VALUE_TYPE_UNSIGNED_LONG_LONG, value);
    }

    static FieldReading s32(int value) {
        return new FieldReading(NvmlConstants.NVML_VALUE_TYPE_SIGNED_INT, value);
    }

    /** Writes as many bytes as the type has, as C does to a member of a union. */
    void writeTo(ByteBuffer memory, int union) {
        if (type == NvmlConstants.NVML_VALUE_TYPE_UNSIGNED_LONG_LONG) {
            memory.putLong(union, value);
        } else {
            memory.putInt(union, (int) value);
        }
    }
}
