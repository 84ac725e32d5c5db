package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlCall.*;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.EventData;
import java.util.List;

/** Calls that need an event set: each makes one first. What is delivered, src/test/c is told by {@link #EVENTS}. */
final class EventSetCalls {
    /** A double-bit error on each GPU, with numbers that no other member has. */
    static final String EVENTS = "0:2:8000000001:5:7,1:2:8000000002:6:8";

    private static final long DOUBLE_BIT_ERROR = 2;

    private final NvmlLibrary nvml;

    EventSetCalls(NvmlLibrary nvml) {
        this.nvml = nvml;
    }

    List<NvmlCall> all() {
        return List.of(
                call(
                        "nvmlDeviceGetSupportedEventTypes",
                        nvml::nvmlDeviceGetSupportedEventTypes,
                        same(u64("eventTypes"), 0x10fL)),
                call("nvmlDeviceRegisterEvents", this::register),
                call(
                        "nvmlEventSetWait_v2",
                        this::await,
                        same(EventData.DEVICE, 1L),
                        same(EventData.EVENT_TYPE, DOUBLE_BIT_ERROR),
                        next(EventData.EVENT_DATA, 8_000_000_001L),
                        next(EventData.GPU_INSTANCE_ID, 5),
                        next(EventData.COMPUTE_INSTANCE_ID, 7)),
                call("nvmlEventSetFree", (device, out) -> {
                    int code = register(device, out);
                    return code == 0 ? nvml.nvmlEventSetFree(out.getPointer(0)) : code;
                }));
    }

    private int register(Pointer device, Pointer out) {
        int code = nvml.nvmlEventSetCreate(out);
        return code == 0 ? nvml.nvmlDeviceRegisterEvents(device, DOUBLE_BIT_ERROR, out.getPointer(0)) : code;
    }

    /** The handle is another in each run: 1 where it is the GPU's. */
    private int await(Pointer device, Pointer out) {
        int code = register(device, out);
        if (code == 0) {
            code = nvml.nvmlEventSetWait_v2(out.getPointer(0), out, 1000);
            EventData.DEVICE.set(out, device.equals(out.getPointer(0)) ? 1L : 0L);
        }
        return code;
    }
}
