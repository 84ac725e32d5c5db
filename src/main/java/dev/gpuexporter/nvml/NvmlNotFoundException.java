package dev.gpuexporter.nvml;

import java.util.List;

/** There is no NVML on this node, or none that can be loaded; the message says what was looked for and where. */
public final class NvmlNotFoundException extends Exception {
    private static final long serialVersionUID = 1;

    NvmlNotFoundException(List<String> failures) {
        super(String.join("; ", failures), null, false, false);
    }
}
