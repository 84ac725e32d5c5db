package dev.gpuexporter.collection;

import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.nvml.NvmlNotFoundException;

/** Where the library comes from: the node's driver, or a simulated one. */
@FunctionalInterface
public interface NvmlSource {
    NvmlLibrary load() throws NvmlNotFoundException;
}
