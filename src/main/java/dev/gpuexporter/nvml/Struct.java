package dev.gpuexporter.nvml;

import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The layout of a C struct on 64-bit Linux: every member at the next offset that its size divides, the whole padded to
 * its largest member. Reading through offsets from reused memory costs a fraction of what a JNA {@code Structure} costs
 * (docs/decisions/0001-structs-as-offsets.md).
 */
public final class Struct {
    private final String cName;
    private final List<Member> members = new ArrayList<>();
    private int end;
    private int alignment = 1;

    Struct(String cName) {
        this.cName = cName;
    }

    Member u8(String name) {
        return member(name, 1, 1);
    }

    Member u32(String name) {
        return member(name, 4, 1);
    }

    Member u64(String name) {
        return member(name, 8, 1);
    }

    Member f64(String name) {
        return member(name, 8, 1);
    }

    Member pointer(String name) {
        return member(name, 8, 1);
    }

    Member chars(String name, int length) {
        return member(name, 1, length);
    }

    /** A struct within this one, as a whole. */
    Member struct(String name, int size, int aligned) {
        return member(name, aligned, size / aligned);
    }

    /** So many times eight bytes that are no single number: a struct, or an array of them. */
    Member words(String name, int count) {
        return member(name, 8, count);
    }

    private Member member(String name, int size, int count) {
        int offset = roundUp(end, size);
        end = offset + size * count;
        alignment = Math.max(alignment, size);
        Member member = new Member(name, offset, size * count);
        members.add(member);
        return member;
    }

    /** The struct's name in {@code nvml.h}. */
    public String cName() {
        return cName;
    }

    /** {@code sizeof}, in bytes. */
    public int size() {
        return roundUp(end, alignment);
    }

    /** The word that tells NVML which version of a struct it is handed: {@code sizeof | version << 24}. */
    public int version(int version) {
        return size() | version << 24;
    }

    public List<Member> members() {
        return List.copyOf(members);
    }

    private static int roundUp(int offset, int to) {
        return (offset + to - 1) / to * to;
    }

    /** One member of a struct; {@code size} is in bytes. */
    public record Member(String name, int offset, int size) {

        public int s32(Pointer struct) {
            return struct.getInt(offset);
        }

        public long u32(Pointer struct) {
            return Integer.toUnsignedLong(struct.getInt(offset));
        }

        /** As a signed long: NVML's counters stay far below 2⁶³; those that use all bits as a mark are compared. */
        public long u64(Pointer struct) {
            return struct.getLong(offset);
        }

        public int u8(Pointer struct) {
            return Byte.toUnsignedInt(struct.getByte(offset));
        }

        /** Up to the first NUL, in UTF-8. */
        public String string(Pointer struct) {
            return NvmlBuffer.string(struct.getByteArray(offset, size));
        }

        /** Writes the lowest bytes of {@code value}, as many as the member has; for a driver's side of the call. */
        public void set(Pointer struct, long value) {
            switch (size) {
                case 1 -> struct.setByte(offset, (byte) value);
                case 4 -> struct.setInt(offset, (int) value);
                case 8 -> struct.setLong(offset, value);
                default -> throw new IllegalArgumentException(name + " is " + size + " bytes wide, no number");
            }
        }

        public void set(Pointer struct, double value) {
            struct.setDouble(offset, value);
        }

        public void set(Pointer struct, String value) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            int length = Math.min(bytes.length, size - 1);
            struct.write(offset, bytes, 0, length);
            struct.setByte((long) offset + length, (byte) 0);
        }
    }
}
