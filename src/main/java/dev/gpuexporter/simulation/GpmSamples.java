package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The samples of GPM that somebody has, by handle. */
final class GpmSamples {
    private static final long FIRST_HANDLE = 0x50000;

    private final AtomicLong next = new AtomicLong(FIRST_HANDLE);
    private final Map<Long, GpmSample> samples = new ConcurrentHashMap<>();

    Pointer allocate() {
        long handle = next.getAndAdd(Long.BYTES);
        samples.put(handle, GpmSample.EMPTY);
        return new Pointer(handle);
    }

    void free(Pointer handle) throws Refusal {
        if (handle == null || samples.remove(Pointer.nativeValue(handle)) == null) {
            throw Refusal.invalidArgument();
        }
    }

    void fill(Pointer handle, GpmSample sample) throws Refusal {
        get(handle);
        samples.put(Pointer.nativeValue(handle), sample);
    }

    GpmSample get(Pointer handle) throws Refusal {
        GpmSample sample = handle == null ? null : samples.get(Pointer.nativeValue(handle));
        if (sample == null) {
            throw Refusal.invalidArgument();
        }
        return sample;
    }

    /** How many have not been given back. */
    int held() {
        return samples.size();
    }
}
