package dev.gpuexporter.nvml;

import com.sun.jna.Pointer;
import java.util.Optional;

/**
 * One MIG device in Java's words, known by its UUID for as long as it has its profile; its handle may be another in
 * every poll. For one thread at a time.
 */
public final class MigDevice {
    private final NvmlLibrary nvml;
    private final Profiler profiler;
    private final Optional<MigAttributes> attributes;
    private MigIdentity identity;
    private DeviceCalls calls;
    private boolean firstOfGpuInstance;

    MigDevice(
            NvmlLibrary nvml,
            DeviceCalls calls,
            MigIdentity identity,
            Optional<MigAttributes> attributes,
            Profiler profiler) {
        this.nvml = nvml;
        this.calls = calls;
        this.identity = identity;
        this.attributes = attributes;
        this.profiler = profiler;
    }

    public MigIdentity identity() {
        return identity;
    }

    /** Read once, when the device was first seen. */
    public Optional<MigAttributes> attributes() {
        return attributes;
    }

    /** Whether it is the compute instance with the lowest id of its GPU instance: the one that speaks for the whole. */
    public boolean isFirstOfGpuInstance() {
        return firstOfGpuInstance;
    }

    /** Of the whole GPU instance: its compute instances share it. */
    public Optional<MemoryUse> memory() throws NvmlException {
        return MemoryUse.read(nvml, calls);
    }

    /** Of the whole GPU instance: the window through which the host reaches its memory. */
    public Optional<MemoryUse> bar1Memory() throws NvmlException {
        return MemoryUse.readBar1(nvml, calls);
    }

    /** Of the whole GPU instance. */
    public Profiler profiler() {
        return profiler;
    }

    void beginPoll(Pointer handle, int index) {
        if (!handle.equals(calls.handle())) {
            calls = new DeviceCalls(handle);
        }
        identity = identity.at(index);
        calls.beginPoll();
        profiler.beginPoll();
    }

    void speaksForGpuInstance(boolean first) {
        firstOfGpuInstance = first;
    }

    void forgetUnsupported() {
        calls.forget();
        profiler.forgetUnsupported();
    }

    Pointer handle() {
        return calls.handle();
    }
}
