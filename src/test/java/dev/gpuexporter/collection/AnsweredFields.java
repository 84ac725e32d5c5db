package dev.gpuexporter.collection;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.nvml.NvmlStructs.FieldValue;
import dev.gpuexporter.testing.InterceptedCall;

/** A library that answers single field values otherwise than the one behind it. */
final class AnsweredFields {
    private static final int UNSIGNED_INT = 1;

    private AnsweredFields() {}

    /** Says something else about one field value that has been answered. */
    interface Answer {
        void change(int field, int scope, Pointer value);
    }

    static NvmlLibrary in(NvmlLibrary library, Answer answer) {
        return InterceptedCall.intercepted(call -> {
            Object code = call.on(library);
            if (call.isOf("nvmlDeviceGetFieldValues")) {
                Pointer values = (Pointer) call.arguments()[2];
                for (int i = 0; i < (int) call.arguments()[1]; i++) {
                    Pointer value = values.share((long) i * FieldValue.LAYOUT.size());
                    answer.change(FieldValue.FIELD_ID.s32(value), FieldValue.SCOPE_ID.s32(value), value);
                }
            }
            return code;
        });
    }

    /** The value of a field that the driver has, as 32 bits without a sign. */
    static void u32(Pointer value, long number) {
        FieldValue.NVML_RETURN.set(value, 0);
        FieldValue.TIMESTAMP.set(value, 1);
        FieldValue.VALUE_TYPE.set(value, UNSIGNED_INT);
        FieldValue.VALUE.set(value, number & 0xFFFFFFFFL);
    }

    static void notSupported(Pointer value) {
        FieldValue.NVML_RETURN.set(value, 3);
        FieldValue.TIMESTAMP.set(value, 0);
    }
}
