package dev.gpuexporter.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The native memory that a device's calls write their answers to: taken once, used again by every call. */
final class NvmlBuffer {
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\u2028\\u2029]");

    private final Memory memory;
    private final Pointer second;

    NvmlBuffer(int bytes) {
        memory = new Memory(bytes);
        memory.clear();
        second = memory.share(8);
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
        return second;
    }

    /** How many entries there are, by what a call wrote; never more than can be, whatever it wrote. */
    static int count(Pointer count, int most) {
        return (int) Math.min(Integer.toUnsignedLong(count.getInt(0)), most);
    }

    /** All that the memory holds, where the driver forgot the NUL; what would break a line of the log is left out. */
    static String string(Memory text) {
        return string(text.getByteArray(0, (int) text.size()));
    }

    static String string(byte[] bytes) {
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return CONTROL.matcher(new String(bytes, 0, length, StandardCharsets.UTF_8))
                .replaceAll("");
    }
}
