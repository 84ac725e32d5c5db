package dev.gpuexporter.collection;

import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.testing.InterceptedCall;

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
        return InterceptedCall.intercepted(call -> {
            if (replaced && call.isOf("nvmlInit_v2")) {
                current = later;
            }
            return call.on(current);
        });
    }

    /** The next to initialize NVML finds the other cards. */
    void replace() {
        replaced = true;
    }
}
