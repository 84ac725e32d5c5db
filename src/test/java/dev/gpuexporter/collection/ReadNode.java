package dev.gpuexporter.collection;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.nvml.Host;
import dev.gpuexporter.nvml.Nvml;
import dev.gpuexporter.nvml.NvmlException;
import dev.gpuexporter.nvml.NvmlLibrary;
import dev.gpuexporter.nvml.NvmlReturn;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.simulation.SimulatedNvml;
import dev.gpuexporter.testing.SteppedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A simulated node whose GPUs are read when the test says so, on its own thread and on a clock that it moves. */
public final class ReadNode {
    /** GPM wants a tenth of a second between two samples, of the time that the machine has. */
    private static final Duration BETWEEN_SAMPLES = Duration.ofMillis(105);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SteppedClock clock = new SteppedClock();
    private final Nvml nvml;
    private final List<GpuMetric> metrics;
    private final Map<Integer, DeviceReader> readers = new TreeMap<>();
    private final ReadingErrors errors = new ReadingErrors(meters);

    private ReadNode(Scenario scenario, UnaryOperator<NvmlLibrary> wrapped, Set<String> switches) {
        nvml = new Nvml(
                wrapped.apply(new SimulatedNvml(new SimulatedNode(scenario, clock::nanos, SteppedClock.START))),
                new Host(Path.of("/nonexistent"), true));
        metrics = MetricCatalog.on(switches).stream()
                .filter(metric -> metric.reading().isPresent())
                .toList();
    }

    /** A model and how many, or the name of a file in the scenarios of the tests; everything is on. */
    public static ReadNode of(String scenario) {
        return of(PolledNode.scenario(scenario), library -> library);
    }

    static ReadNode of(Scenario scenario, UnaryOperator<NvmlLibrary> wrapped) {
        return new ReadNode(scenario, wrapped, switches("nvlink-per-link"));
    }

    /** With a series for each NVLink, or one for all of a GPU's. */
    public static ReadNode of(Scenario scenario, boolean perLink) {
        return new ReadNode(scenario, library -> library, perLink ? switches("nvlink-per-link") : switches());
    }

    private static Set<String> switches(String... besides) {
        Set<String> switches = new HashSet<>(List.of(besides));
        Stream.of(Group.values()).map(Group::key).forEach(switches::add);
        return switches;
    }

    void pass(Duration time) {
        clock.advance(time);
    }

    /** Time passes, the GPU is read. */
    public DeviceReading after(Duration time, int gpu) throws NvmlException {
        pass(time);
        return read(gpu);
    }

    /** The same, with enough of the machine's own time before it. */
    public DeviceReading afterRealTime(Duration time, int gpu) throws NvmlException, InterruptedException {
        Thread.sleep(BETWEEN_SAMPLES.toMillis());
        return after(time, gpu);
    }

    /** Lets go of a GPU, as a worker does that nobody needs any more. */
    void release(int gpu) throws NvmlException {
        try (Nvml.Visit visit = nvml.enter()) {
            readers.remove(gpu).release();
        }
    }

    /** As a worker and a session do: the handle of a GPU that failed is looked for anew, and so is a driver. */
    public DeviceReading read(int gpu) throws NvmlException {
        nvml.open();
        try (Nvml.Visit visit = nvml.enter()) {
            if (!readers.containsKey(gpu)) {
                readers.put(
                        gpu,
                        new DeviceReader(
                                nvml.device(gpu, nvml.versions()),
                                () -> metrics,
                                errors,
                                new Peaks(Duration.ofMinutes(1), clock)));
            }
            return readers.get(gpu).read();
        } catch (NvmlException e) {
            readers.remove(gpu);
            throw e;
        }
    }

    /** The same where it may fail: empty where it did. */
    Optional<DeviceReading> tryToRead(int gpu) {
        try {
            return Optional.of(read(gpu));
        } catch (NvmlException e) {
            if (e.kind() == NvmlReturn.Kind.DRIVER_GONE) {
                readers.clear();
                nvml.close(Duration.ZERO);
            }
            return Optional.empty();
        }
    }
}
