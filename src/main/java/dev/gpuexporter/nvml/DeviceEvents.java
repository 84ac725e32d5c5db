package dev.gpuexporter.nvml;

import java.util.OptionalDouble;

/** What a GPU tells of on its own. A MIG device tells nothing: what befalls it is its parent's event. */
public final class DeviceEvents {
    private final NvmlLibrary nvml;
    private final DeviceCalls calls;

    DeviceEvents(NvmlLibrary nvml, DeviceCalls calls) {
        this.nvml = nvml;
        this.calls = calls;
    }

    /** Bits of {@code nvmlEventType…}; none where the GPU tells of nothing. */
    public long supportedTypes() throws NvmlException {
        OptionalDouble types = calls.u64("nvmlDeviceGetSupportedEventTypes", nvml::nvmlDeviceGetSupportedEventTypes);
        return (long) types.orElse(0);
    }

    /**
     * Has the driver record these events from now on, in a set of this GPU's own: a set of several answers nothing but
     * GPU_IS_LOST when one of them is lost, and does not say which.
     *
     * @param types bits of {@code nvmlEventType…}, none that is not supported
     */
    public EventSet register(long types) throws NvmlException {
        EventSet set = EventSet.create(nvml);
        int code = nvml.nvmlDeviceRegisterEvents(calls.handle(), types, set.handle());
        if (code != NvmlReturn.SUCCESS.code()) {
            set.free();
        }
        DeviceCalls.check("nvmlDeviceRegisterEvents", code);
        return set;
    }
}
