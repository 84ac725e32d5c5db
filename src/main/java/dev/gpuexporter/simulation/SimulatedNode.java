package dev.gpuexporter.simulation;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.FailureKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** The machine that a scenario describes, on a clock of its own; the driver and the kubelet look at the same one. */
public final class SimulatedNode {
    private static final long MEMORY_GRAIN_BYTES = 2L << 20;

    private final Scenario scenario;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final long startMicros;
    private final Failures failures;
    private final List<SimulatedGpu> gpus = new ArrayList<>();

    /** A node that starts now. */
    public SimulatedNode(Scenario scenario) {
        this(scenario, System::nanoTime, Instant.now());
    }

    /**
     * A node that starts at the clock's present value.
     *
     * @param nanoTime nanoseconds that never fall
     * @param start the time of day at the start, for the timestamps that NVML gives
     * @throws BadInputException where the scenario asks more of a GPU than its model has
     */
    public SimulatedNode(Scenario scenario, LongSupplier nanoTime, Instant start) {
        this.scenario = scenario;
        this.nanoTime = nanoTime;
        startNanos = nanoTime.getAsLong();
        startMicros = start.toEpochMilli() * 1000;
        failures = new Failures(scenario.failures(), this::elapsedNanos);
        Seed seed = new Seed(scenario.seed());
        for (int index = 0; index < scenario.gpus().size(); index++) {
            gpus.add(gpu(index, seed.of("gpu " + index)));
        }
    }

    private SimulatedGpu gpu(int index, Seed seed) {
        Scenario.Gpu spec = scenario.gpus().get(index);
        GpuModel model = GpuModels.byId(spec.model());
        double limit = powerLimitWatts(index, spec, model);
        checkLinks(index, model);
        List<Workload> workloads = workloads(index, model, seed);
        Physics physics = new Physics(index, model, limit, workloads, failures, seed);
        Identity identity = Identity.of(seed, index, scenario.gpus().size());
        return new SimulatedGpu(index, model, identity, limit, physics, this::elapsedNanos);
    }

    private void checkLinks(int index, GpuModel model) {
        for (Scenario.Failure failure : failures.of(index, FailureKind.NVLINK_DOWN, FailureKind.NVLINK_ERRORS)) {
            int links = model.nvLink().links();
            if (failure.gpu().isPresent() && failure.link().orElse(0) >= links) {
                throw new BadInputException("scenario %s: GPU %d: no NVLink %d, it has %d (%s)"
                        .formatted(scenario.name(), index, failure.link().orElse(0), links, model.id()));
            }
        }
    }

    private double powerLimitWatts(int index, Scenario.Gpu spec, GpuModel model) {
        GpuModel.Power power = model.power();
        double limit = spec.powerLimitWatts().orElse(power.defaultLimit());
        if (limit < power.minLimit() || limit > power.maxLimit()) {
            throw new BadInputException("scenario %s: GPU %d: a power limit of %.0f W is not between %d and %d W (%s)"
                    .formatted(scenario.name(), index, limit, power.minLimit(), power.maxLimit(), model.id()));
        }
        return limit;
    }

    private List<Workload> workloads(int index, GpuModel model, Seed seed) {
        List<Workload> workloads = new ArrayList<>();
        for (int i = 0; i < scenario.pods().size(); i++) {
            Scenario.Pod pod = scenario.pods().get(i);
            if (pod.devices().stream().anyMatch(device -> device.gpu() == index)) {
                long bytes = bytes(pod.load().memory(), model);
                workloads.add(new Workload(pod, pid(i), bytes, seed.of("pod " + i)));
            }
        }
        checkMemory(index, model, workloads);
        return workloads;
    }

    private static long bytes(Scenario.MemoryUse use, GpuModel model) {
        double wanted = use.bytes() + use.ratio() * model.memory().totalBytes();
        return (long) (wanted / MEMORY_GRAIN_BYTES) * MEMORY_GRAIN_BYTES;
    }

    /** On the host; one process a container, whatever the number of its GPUs. */
    private int pid(int pod) {
        return 4000
                + 1000 * pod
                + (int) (1000 * new Seed(scenario.seed()).of("pid").uniform(pod));
    }

    private void checkMemory(int index, GpuModel model, List<Workload> workloads) {
        long room = model.memory().totalBytes() - model.memory().reservedBytes() - GpuState.DRIVER_OVERHEAD_BYTES;
        for (Workload newcomer : workloads) {
            long used = workloads.stream()
                    .filter(workload -> workload.runsAt(newcomer.firstSecond()))
                    .mapToLong(Workload::memoryBytes)
                    .sum();
            if (used > room) {
                throw new BadInputException("scenario %s: GPU %d: its pods use %d MiB of %d MiB (%s)"
                        .formatted(scenario.name(), index, used >> 20, room >> 20, model.id()));
            }
        }
    }

    Scenario scenario() {
        return scenario;
    }

    Failures failures() {
        return failures;
    }

    /** By index. */
    List<SimulatedGpu> gpus() {
        return gpus;
    }

    long elapsedNanos() {
        return Math.max(0, nanoTime.getAsLong() - startNanos);
    }

    /** Microseconds since 1970, as NVML stamps its values. */
    long nowMicros() {
        return startMicros + elapsedNanos() / 1000;
    }
}
