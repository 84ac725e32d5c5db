package dev.gpuexporter.collection;

import dev.gpuexporter.nvml.NvmlLibrary;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A library behind which other cards are found once NVML is initialized again, as after a repair. */
final class ReplacedNvml {
    private final NvmlLibrary later;
    private volatile boolean replaced;
    private volatile NvmlLibrary current;

    ReplacedNvml(NvmlLibrary later) {
        this.later = later;
    }

    NvmlLibrary in(NvmlLibrary first) {
        current = first;
        return (NvmlLibrary) Proxy.newProxyInstance(
                NvmlLibrary.class.getClassLoader(), new Class<?>[] {NvmlLibrary.class}, (proxy, method, arguments) -> {
                    if (replaced && method.getName().equals("nvmlInit_v2")) {
                        current = later;
                    }
                    try {
                        return method.invoke(current, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** The next to initialize NVML finds the other cards. */
    void replace() {
        replaced = true;
    }
}
