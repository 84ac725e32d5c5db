package dev.gpuexporter.http;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.Device;
import dev.gpuexporter.config.Scenario.Gpu;
import dev.gpuexporter.config.Scenario.Load;
import dev.gpuexporter.config.Scenario.MemoryUse;
import dev.gpuexporter.config.Scenario.Pod;
import dev.gpuexporter.config.Scenario.Shape;
import dev.gpuexporter.config.Scenario.Window;
import java.util.List;
import java.util.Set;

/** A node whose pods have names that break out of whatever they are put in, where they are not escaped. */
final class Hostile {
    static final String NAMESPACE = "a\\b\"c\nd";
    static final String POD = "<script>alert(1)</script>";
    static final String CONTAINER = "'\"><img src=x onerror=alert(1)>&amp;";

    /** As long as a name may be, in letters that a name may not have. */
    static final String LONG = "é日🔥".repeat(63) + "x";

    static final String RESOURCE = "例え.com/\"gpu\"\n# TYPE x counter";

    static final Scenario SCENARIO = new Scenario(
            "hostile",
            1,
            Scenario.DEFAULT_DRIVER_VERSION,
            Scenario.DEFAULT_CUDA_VERSION,
            List.of(Gpu.of("t4"), Gpu.of("t4")),
            List.of(
                    new Pod(
                            NAMESPACE,
                            POD,
                            CONTAINER,
                            "nvidia.com/gpu",
                            List.of(Device.whole(0)),
                            List.of(),
                            new Load(0.5, MemoryUse.ofRatio(0.5), Shape.STEADY),
                            Window.ALWAYS),
                    new Pod(
                            NAMESPACE,
                            LONG,
                            CONTAINER,
                            RESOURCE,
                            List.of(),
                            List.of("nvidia1"),
                            new Load(0, MemoryUse.ofBytes(0), Shape.STEADY),
                            Window.ALWAYS)),
            List.of(),
            Set.of());

    private Hostile() {}
}
