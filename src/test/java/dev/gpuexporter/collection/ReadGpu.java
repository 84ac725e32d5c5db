package dev.gpuexporter.collection;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.nvml.Nvml;
import dev.gpuexporter.nvml.NvmlDevice;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.simulation.SimulatedNvml;
import dev.gpuexporter.testing.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

/** One GPU of a simulated node, read by the test itself: a poll is when the test says so, on the clock that it moves. */
public final class ReadGpu {
    /** GPM wants a tenth of a second between two samples, of the time that the machine has. */
    private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(105);

    final SteppedClock clock = new SteppedClock();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DeviceReader reader;

    ReadGpu(Scenario scenario, int index, Function<NvmlLibrary, NvmlLibrary> wrapped) throws NvmlException {
        NvmlLibrary library =
                wrapped.apply(new SimulatedNvml(new SimulatedNode(scenario, clock::nanos, SteppedClock.START)));
        Nvml nvml = new Nvml(library, new Host(Path.of("/nonexistent"), true));
        nvml.open();
        NvmlDevice device = nvml.device(index, nvml.versions());
        reader = new DeviceReader(
                device,
                MetricCatalog.all().stream()
                        .filter(metric -> metric.reading().isPresent())
                        .toList(),
                new ReadingErrors(meters));
    }

    /** A GPU of a scenario of the tests. */
    public static ReadGpu of(String scenario, int index) throws NvmlException {
        return new ReadGpu(PolledNode.scenario(scenario), index, library -> library);
    }

    public DeviceReading poll() throws NvmlException {
        return reader.read();
    }

    /** A poll after simulated time and enough of the real one. */
    public DeviceReading pollAfter(Duration time) throws NvmlException, InterruptedException {
        clock.advance(time);
        Thread.sleep(BETWEEN_SAMPLES.toMillis());
        return poll();
    }

    void release() {
        reader.release();
    }
}
