package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The NVML of a simulated node. Each chapter of {@code nvml.h} is an interface of its own with the functions in it; a
 * function that none of them answers does not compile here.
 */
public final class SimulatedNvml
        implements SystemCalls,
                IdentityCalls,
                LoadCalls,
                MemoryCalls,
                TemperatureCalls,
                PowerCalls,
                ClockCalls,
                EccCalls,
                MemoryHealthCalls,
                PlatformCalls,
                VgpuCalls,
                SampleCalls,
                PcieCalls,
                MigCalls,
                ProfilingCalls,
                NvLinkCalls,
                FabricCalls,
                ProcessCalls,
                EventCalls,
                FieldCalls {
    private static final Instant NEW_YEAR = Instant.ofEpochSecond(1_767_225_600);

    private final Gate gate;
    private final EventSets eventSets;

    public SimulatedNvml(SimulatedNode node) {
        gate = new Gate(node);
        eventSets = new EventSets(node);
    }

    /** Of a node that starts on New Year's Day 2026 and has the clock given, in nanoseconds; for tests. */
    public SimulatedNvml(Scenario scenario, LongSupplier nanoTime) {
        this(new SimulatedNode(scenario, nanoTime, NEW_YEAR));
    }

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public EventSets eventSets() {
        return eventSets;
    }
}
