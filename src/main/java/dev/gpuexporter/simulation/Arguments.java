package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn;
import java.nio.charset.StandardCharsets;

/** What a C function does with the pointers it is handed. */
final class Arguments {
    private Arguments() {}

    static void present(Pointer... pointers) throws Refusal {
        for (Pointer pointer : pointers) {
            if (pointer == null) {
                throw Refusal.invalidArgument();
            }
        }
    }

    /** A struct whose first word is its version. */
    static void version(Pointer struct, int version) throws Refusal {
        present(struct);
        if (struct.getInt(0) != version) {
            throw new Refusal(NvmlReturn.ARGUMENT_VERSION_MISMATCH);
        }
    }

    /** Writes a string and its NUL where there is room for both. */
    static void text(Pointer buffer, int length, String text) throws Refusal {
        present(buffer);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (Integer.toUnsignedLong(length) < bytes.length + 1L) {
            throw new Refusal(NvmlReturn.INSUFFICIENT_SIZE);
        }
        buffer.write(0, bytes, 0, bytes.length);
        buffer.setByte(bytes.length, (byte) 0);
    }
}
