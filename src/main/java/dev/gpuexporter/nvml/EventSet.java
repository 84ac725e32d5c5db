package dev.gpuexporter.nvml;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.EventData;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the driver has recorded of one GPU and nobody has taken yet. It ends with the initialization of NVML that it was
 * made in ({@link Nvml#openings()}): afterwards it must not be touched. For one thread at a time.
 */
public final class EventSet {
    private final NvmlLibrary nvml;
    private final Pointer handle;
    private final Memory data = new Memory(EventData.LAYOUT.size());

    private EventSet(NvmlLibrary nvml, Pointer handle) {
        this.nvml = nvml;
        this.handle = handle;
    }

    static EventSet create(NvmlLibrary nvml) throws NvmlException {
        Memory out = new Memory(Native.POINTER_SIZE);
        DeviceCalls.check("nvmlEventSetCreate", nvml.nvmlEventSetCreate(out));
        return new EventSet(nvml, out.getPointer(0));
    }

    Pointer handle() {
        return handle;
    }

    /**
     * The oldest event that nobody has taken, if there is one by now; {@code nvmlEventSetWait_v2}.
     *
     * @throws NvmlException GPU_IS_LOST at once, and each time, where the GPU has fallen off the bus
     */
    public Optional<NvmlEvent> next() throws NvmlException {
        data.clear();
        int code = nvml.nvmlEventSetWait_v2(handle, data, 0);
        if (code == NvmlReturn.TIMEOUT.code()) {
            return Optional.empty();
        }
        DeviceCalls.check("nvmlEventSetWait_v2", code);
        return Optional.of(new NvmlEvent(
                EventData.EVENT_TYPE.u64(data),
                EventData.EVENT_DATA.u64(data),
                instance(EventData.GPU_INSTANCE_ID.s32(data)),
                instance(EventData.COMPUTE_INSTANCE_ID.s32(data))));
    }

    /** All bits set: none. */
    static OptionalInt instance(int id) {
        return id == -1 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Stops recording; whatever NVML answers, there is nothing left to do with it. */
    public void free() {
        nvml.nvmlEventSetFree(handle);
    }
}
