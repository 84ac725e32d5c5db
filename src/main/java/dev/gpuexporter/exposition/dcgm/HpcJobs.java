package dev.gpuexporter.exposition.dcgm;

import java.util.List;
import java.util.Map;

/**
 * Which jobs of a batch system have which GPU.
 *
 * @param byDevice by a GPU's index, or that, a dot and a GPU instance
 */
record HpcJobs(Map<String, List<String>> byDevice) {
    static final HpcJobs NONE = new HpcJobs(Map.of());

    HpcJobs {
        byDevice = Map.copyOf(byDevice);
    }

    /** Of a GPU instance its own or, where nothing is said of it, the GPU's. */
    List<String> of(DcgmEntity entity) {
        String gpu = Integer.toString(entity.gpu().index());
        List<String> ofGpu = byDevice.getOrDefault(gpu, List.of());
        return entity.part()
                .map(part -> byDevice.getOrDefault(gpu + "." + part.gpuInstance(), ofGpu))
                .orElse(ofGpu);
    }
}
