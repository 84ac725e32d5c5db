package dev.gpuexporter.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.GpuProcess.Kind;
import dev.gpuexporter.nvml.NvmlStructs.ProcessInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads one of NVML's lists of processes. Drivers do not agree on how far apart the entries are: 24 bytes today, 32 in
 * some of the 535 series, 16 in the first version and, by a report, behind newer names too. So the memory is filled
 * with a pattern first, and what was written over it is measured.
 */
final class ProcessList {
    /** The driver takes what we have room for as so many entries of its own size: the widest that any of them has. */
    private static final int WIDEST = 32;

    private static final int FIRST_ROOM = 64;
    private static final int MOST_TRIES = 4;

    /** More than a GPU can hold; a driver that names more is not to take the exporter's memory. */
    private static final int MOST = 16_384;

    private static final byte UNWRITTEN = (byte) 0xa5;
    private static final long UNKNOWN_BYTES = -1;

    private final Memory count = new Memory(Integer.BYTES);
    private byte[] copy = {};
    private Memory entries = new Memory((long) FIRST_ROOM * WIDEST);

    /** One of {@code nvmlDeviceGet…RunningProcesses…}. */
    @FunctionalInterface
    interface Call {
        int into(Pointer count, Pointer entries);
    }

    /** @param hasInstances whether this version of the function tells the parts of a GPU in MIG mode */
    List<GpuProcess> read(String function, Kind kind, boolean hasInstances, Call call) throws NvmlException {
        NvmlReturn code = NvmlReturn.INSUFFICIENT_SIZE;
        for (int tries = 0; code == NvmlReturn.INSUFFICIENT_SIZE && tries < MOST_TRIES; tries++) {
            entries.setMemory(0, entries.size(), UNWRITTEN);
            count.setInt(0, room());
            code = NvmlReturn.of(call.into(count, entries));
            if (code == NvmlReturn.INSUFFICIENT_SIZE) {
                // Processes come while we ask: with some room to spare.
                entries = new Memory((long) WIDEST * (2 * Math.max(NvmlBuffer.count(count, MOST), room())));
            }
        }
        DeviceCalls.check(function, code.code());
        return decode(kind, NvmlBuffer.count(count, room()), hasInstances ? 24 : 16);
    }

    private int room() {
        return (int) (entries.size() / WIDEST);
    }

    private List<GpuProcess> decode(Kind kind, int processes, int usualStride) {
        List<GpuProcess> list = new ArrayList<>(processes);
        int stride = processes == 0 ? usualStride : stride(processes, written(), usualStride);
        for (int i = 0; i < processes; i++) {
            Pointer entry = entries.share((long) i * stride);
            boolean hasInstances = stride > 16;
            list.add(new GpuProcess(
                    ProcessInfo.PID.u32(entry),
                    kind,
                    memory(ProcessInfo.USED_GPU_MEMORY.u64(entry)),
                    OptionalDouble.empty(),
                    OptionalDouble.empty(),
                    hasInstances ? EventSet.instance(ProcessInfo.GPU_INSTANCE_ID.s32(entry)) : OptionalInt.empty(),
                    hasInstances
                            ? EventSet.instance(ProcessInfo.COMPUTE_INSTANCE_ID.s32(entry))
                            : OptionalInt.empty()));
        }
        return list;
    }

    /** Up to the last byte that is not as we left it. */
    private int written() {
        if (copy.length != entries.size()) {
            copy = new byte[(int) entries.size()];
        }
        entries.read(0, copy, 0, copy.length);
        int end = copy.length;
        while (end > 0 && copy[end - 1] == UNWRITTEN) {
            end--;
        }
        return end;
    }

    /** A driver with entries of 32 bytes need not write the last 8; one that clears the whole memory tells nothing. */
    private static int stride(int processes, int written, int usual) {
        int others = processes - 1;
        if (written > 24 * others + 16 && written <= 24 * processes) {
            return 24;
        }
        if (written >= 32 * others + 24 && written <= 32 * processes) {
            return 32;
        }
        return written > 16 * others + 8 && written <= 16 * processes ? 16 : usual;
    }

    private static OptionalLong memory(long bytes) {
        return bytes == UNKNOWN_BYTES ? OptionalLong.empty() : OptionalLong.of(bytes);
    }
}
