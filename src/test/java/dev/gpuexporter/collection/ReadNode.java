package dev.gpuexporter.collection;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.Group;
import dev.gpuexporter.metrics.MetricCatalog;
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
final class ReadNode {
    private final SteppedClock clock = new SteppedClock();
    private final Nvml nvml;
    private final List<GpuMetric> metrics;
    private final Map<Integer, DeviceReader> readers = new TreeMap<>();
    private final ReadingErrors errors = new ReadingErrors(new SimpleMeterRegistry());

    private ReadNode(Scenario scenario, UnaryOperator<NvmlLibrary> wrapped, Set<String> switches) {
        nvml = new Nvml(
                wrapped.apply(new SimulatedNvml(new SimulatedNode(scenario, clock::nanos, SteppedClock.START))),
                Path.of("/nonexistent"));
        metrics = MetricCatalog.on(switches).stream()
                .filter(metric -> metric.reading().isPresent())
                .toList();
    }

    /** A model and how many, or the name of a file in the scenarios of the tests; everything is on. */
    static ReadNode of(String scenario) {
        return of(PolledNode.scenario(scenario), library -> library);
    }

    static ReadNode of(Scenario scenario, UnaryOperator<NvmlLibrary> wrapped) {
        return new ReadNode(scenario, wrapped, switches("nvlink-per-link"));
    }

    /** With one series for all NVLinks of a GPU. */
    static ReadNode withoutLinks(String scenario) {
        return new ReadNode(PolledNode.scenario(scenario), library -> library, switches());
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
    DeviceReading after(Duration time, int gpu) throws NvmlException {
        pass(time);
        return read(gpu);
    }

    /** As a worker and a session do: the handle of a GPU that failed is looked for anew, and so is a driver. */
    DeviceReading read(int gpu) throws NvmlException {
        nvml.open();
        try (Nvml.Visit visit = nvml.enter()) {
            if (!readers.containsKey(gpu)) {
                readers.put(gpu, new DeviceReader(nvml.device(gpu, nvml.versions()), metrics, errors));
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
