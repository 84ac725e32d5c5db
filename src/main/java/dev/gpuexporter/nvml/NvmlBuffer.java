package dev.gpuexporter.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/** The native memory that a device's calls write their answers to: taken once, used again by every call. */
final class NvmlBuffer {
    private final Memory memory;

    NvmlBuffer(int bytes) {
        memory = new Memory(bytes);
        memory.clear();
    }

    /** Room for a struct, zeroed: a driver need not write every member. */
    Memory cleared(Struct struct) {
        memory.clear(struct.size());
        return memory;
    }

    /** Room for a versioned struct, its first word set to {@code version}. */
    Memory cleared(Struct struct, int version) {
        cleared(struct).setInt(0, struct.version(version));
        return memory;
    }

    Memory cleared(int bytes) {
        memory.clear(bytes);
        return memory;
    }

    /** The second of two out parameters, behind the first. */
    Pointer second() {
        return memory.share(8);
    }

    static String string(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
