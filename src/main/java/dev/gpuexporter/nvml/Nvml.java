package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The driver's management library. While anybody is inside a call nobody shuts it down or initializes it again: whoever
 * calls does so between {@link #enter()} and {@link Visit#close()}.
 */
public final class Nvml {
    /** Several times what a node has: each is given a thread, whatever a driver says. */
    private static final int MOST_DEVICES = 256;

    private final NvmlLibrary library;
    private final Host host;
    private final ProcessVisibility visibility;
    private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();
    private final Map<String, CounterMemory> counters = new ConcurrentHashMap<>();
    private boolean initialized;
    private volatile int openings;

    public Nvml(NvmlLibrary library, Host host) {
        this.library = library;
        this.host = host;
        this.visibility = new ProcessVisibility(host);
    }

    /** Somebody's stay inside NVML. */
    public interface Visit extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Holds NVML open for a while; on one thread, by {@code try}.
     *
     * @throws NvmlException UNINITIALIZED where it is not open
     */
    public Visit enter() throws NvmlException {
        lifecycle.readLock().lock();
        if (!initialized) {
            lifecycle.readLock().unlock();
            throw new NvmlException("nvmlInit_v2", NvmlReturn.UNINITIALIZED);
        }
        return lifecycle.readLock()::unlock;
    }

    /** Opens NVML; the first process to do so where the driver is not kept loaded waits seconds for it. */
    public void open() throws NvmlException {
        lifecycle.writeLock().lock();
        try {
            if (!initialized) {
                check("nvmlInit_v2", library.nvmlInit_v2());
                counters.clear(); // a driver that was loaded again counts from the beginning
                initialized = true;
                openings++;
            }
        } finally {
            lifecycle.writeLock().unlock();
        }
    }

    /**
     * Lets go of NVML, as soon as nobody is inside.
     *
     * @return false where somebody still was when {@code patience} ended: then NVML is left as it is
     */
    public boolean close(Duration patience) {
        try {
            if (!lifecycle.writeLock().tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        try {
            if (initialized) {
                // Whatever it answers, there is nothing left to do with it.
                library.nvmlShutdown();
                initialized = false;
            }
            return true;
        } finally {
            lifecycle.writeLock().unlock();
        }
    }

    /** How often it was opened: what it handed out before the last time is void. It stays the same during a visit. */
    public int openings() {
        return openings;
    }

    public DriverVersions versions() throws NvmlException {
        Memory text = new Memory(NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE);
        check("nvmlSystemGetDriverVersion", library.nvmlSystemGetDriverVersion(text, (int) text.size()));
        return new DriverVersions(NvmlBuffer.string(text), ownVersion(), cudaVersion());
    }

    /** Empty where the library does not say. */
    private String ownVersion() {
        Memory text = new Memory(NVML_SYSTEM_NVML_VERSION_BUFFER_SIZE);
        int code = library.nvmlSystemGetNVMLVersion(text, (int) text.size());
        return code == NvmlReturn.SUCCESS.code() ? NvmlBuffer.string(text) : "";
    }

    private String cudaVersion() {
        Memory cuda = new Memory(Integer.BYTES);
        int code = library.nvmlSystemGetCudaDriverVersion_v2(cuda);
        int version = cuda.getInt(0);
        return code == NvmlReturn.SUCCESS.code() ? version / 1000 + "." + version % 1000 / 10 : "";
    }

    /** How many GPUs there are, those among them that will not answer. */
    public int deviceCount() throws NvmlException {
        Memory count = new Memory(Integer.BYTES);
        check("nvmlDeviceGetCount_v2", library.nvmlDeviceGetCount_v2(count));
        return NvmlBuffer.count(count, MOST_DEVICES);
    }

    /** Finds a GPU and reads what it is. */
    public NvmlDevice device(int index, DriverVersions versions) throws NvmlException {
        Memory out = new Memory(Native.POINTER_SIZE);
        check("nvmlDeviceGetHandleByIndex_v2", library.nvmlDeviceGetHandleByIndex_v2(index, out));
        Pointer handle = out.getPointer(0);
        DeviceIdentity identity = new IdentityReader(library, host.sysfs()).read(index, new DeviceCalls(handle));
        CounterMemory memory = counters.computeIfAbsent(identity.uuid(), uuid -> new CounterMemory());
        return new NvmlDevice(library, handle, identity, versions, memory, visibility);
    }

    /** How the GPUs stand to each other. */
    public Peers peers() {
        return new Peers(library);
    }

    private static void check(String function, int code) throws NvmlException {
        DeviceCalls.check(function, code);
    }
}
