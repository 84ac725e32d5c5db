package dev.gpuexporter.simulation;

import dev.gpuexporter.config.BadInputException;
import dev.gpuexporter.config.DidYouMean;
import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.config.Scenario.FailureKind;
import dev.gpuexporter.nvml.NvmlLibrary;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The machine that a scenario describes, on a clock of its own; the driver and the kubelet look at the same one. */
public final class SimulatedNode {
    private static final long MEMORY_GRAIN_BYTES = 2L << 20;

    /** More than any GPU has; that many bytes are still a number. */
    private static final double MOST_GRAINS = 0x1p40;

    private final Scenario scenario;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final long startMicros;
    private final ThrottleTimeFields throttleTimes;
    private final Seed pids;
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
        checkFunctions();
        failures = new Failures(scenario.failures(), this::elapsedNanos);
        Seed seed = new Seed(scenario.seed());
        pids = seed.of("pid");
        throttleTimes = new ThrottleTimeFields(scenario.driverVersion());
        for (int index = 0; index < scenario.gpus().size(); index++) {
            gpus.add(gpu(index, seed.of("gpu " + index)));
        }
    }

    private SimulatedGpu gpu(int index, Seed seed) {
        Scenario.Gpu spec = scenario.gpus().get(index);
        GpuModel model = GpuModels.byId(spec.model());
        double limit = powerLimitWatts(index, spec, model);
        checkLinks(index, model);
        MigPlan mig = migPlan(index, spec, model, seed);
        List<Workload> workloads = workloads(index, model, mig, seed);
        Physics physics = new Physics(index, model, limit, workloads, failures, seed);
        Identity identity = Identity.of(seed, index, scenario.gpus().size());
        return new SimulatedGpu(
                index, model, identity, limit, physics, mig, failures, vgpus(index, seed), this::elapsedNanos);
    }

    /** A function that nobody calls would fail unseen. */
    private void checkFunctions() {
        List<String> called =
                Stream.of(NvmlLibrary.class.getMethods()).map(Method::getName).toList();
        Stream.concat(
                        scenario.missingSymbols().stream(),
                        scenario.failures().stream().flatMap(failure -> failure.function().stream()))
                .filter(function -> !called.contains(function))
                .sorted()
                .findFirst()
                .ifPresent(function -> {
                    throw new BadInputException("scenario %s: the exporter never calls %s; %s"
                            .formatted(
                                    scenario.name(),
                                    function,
                                    DidYouMean.nearest(called, function)
                                            .map("did you mean %s?"::formatted)
                                            .orElse("write one such as nvmlDeviceGetPowerUsage")));
                });
    }

    private void checkLinks(int index, GpuModel model) {
        for (Scenario.Failure failure :
                failures.of(index, Set.of(FailureKind.NVLINK_DOWN, FailureKind.NVLINK_ERRORS))) {
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

    private MigPlan migPlan(int index, Scenario.Gpu spec, GpuModel model, Seed seed) {
        try {
            return new MigPlan(model, spec, seed);
        } catch (BadInputException e) {
            throw new BadInputException("scenario %s: GPU %d: %s".formatted(scenario.name(), index, e.getMessage()));
        }
    }

    private List<Workload> workloads(int index, GpuModel model, MigPlan plan, Seed seed) {
        List<Workload> workloads = new ArrayList<>();
        for (int i = 0; i < scenario.pods().size(); i++) {
            Scenario.Pod pod = scenario.pods().get(i);
            int pid = pid(i);
            Seed own = seed.of("pod " + i);
            pod.devices().stream()
                    .filter(device -> device.gpu() == index)
                    .map(device -> migDevice(plan, pod, device))
                    .distinct() // one process, however many replicas of a device it holds
                    .forEach(mig -> workloads.add(new Workload(
                            pod,
                            pid,
                            bytes(pod.load().memory(), memoryBytes(mig, model)),
                            mig.isPresent() ? own.of("mig " + mig.get().index()) : own,
                            mig)));
        }
        for (int i = 0; i < scenario.vgpus().size(); i++) {
            Scenario.Vgpu vgpu = scenario.vgpus().get(i);
            if (vgpu.gpu() == index) {
                workloads.add(new Workload(
                        guest(vgpu),
                        vgpuPid(i),
                        bytes(vgpu.load().memory(), model.memory().totalBytes()),
                        seed.of("vgpu " + i),
                        Optional.empty()));
            }
        }
        checkMemory(index, model, plan, workloads);
        return workloads;
    }

    /** A virtual machine works as a pod does that holds no device. */
    private static Scenario.Pod guest(Scenario.Vgpu vgpu) {
        return new Scenario.Pod("", "", "", "", List.of(), List.of(), vgpu.load(), Scenario.Window.ALWAYS);
    }

    private int vgpuPid(int vgpu) {
        return pid(scenario.pods().size() + vgpu);
    }

    private List<SimulatedVgpu> vgpus(int index, Seed seed) {
        return IntStream.range(0, scenario.vgpus().size())
                .filter(i -> scenario.vgpus().get(i).gpu() == index)
                .mapToObj(i ->
                        SimulatedVgpu.of(i, vgpuPid(i), scenario.vgpus().get(i).licensed(), seed.of("vgpu " + i)))
                .toList();
    }

    /** The MIG device that the pod was given when it started. */
    static Optional<SimulatedMig> migDevice(MigPlan plan, Scenario.Pod pod, Scenario.Device device) {
        return device.mig().isEmpty()
                ? Optional.empty()
                : Optional.of(plan.at(pod.presence().from().toNanos())
                        .get(device.mig().getAsInt()));
    }

    private static long memoryBytes(Optional<SimulatedMig> mig, GpuModel model) {
        return mig.map(device -> device.profile().memoryBytes())
                .orElse(model.memory().totalBytes());
    }

    private static long bytes(Scenario.MemoryUse use, long totalBytes) {
        double wanted = use.bytes() + use.ratio() * totalBytes;
        return (long) Math.min(wanted / MEMORY_GRAIN_BYTES, MOST_GRAINS) * MEMORY_GRAIN_BYTES;
    }

    /** On the host; one process a container, whatever the number of its GPUs. */
    int pid(int pod) {
        return 4000 + 1000 * pod + (int) (1000 * pids.uniform(pod));
    }

    private void checkMemory(int index, GpuModel model, MigPlan plan, List<Workload> workloads) {
        long reserved = model.memory().reservedBytes() + GpuState.DRIVER_OVERHEAD_BYTES;
        for (Workload newcomer : workloads) {
            long second = newcomer.firstSecond();
            long room = model.memory().totalBytes() - reserved - plan.idleBytes(second * 1_000_000_000);
            checkRoom(index, model.id(), room, usedBytes(workloads, second, workload -> true));
            newcomer.mig()
                    .ifPresent(mig -> checkRoom(
                            index,
                            mig.name(),
                            mig.profile().memoryBytes() - mig.profile().idleBytes(),
                            usedBytes(workloads, second, workload -> workload.mig()
                                    .filter(other -> other.gpuInstance() == mig.gpuInstance())
                                    .isPresent())));
        }
    }

    /** As a number that does not wrap, whatever the scenario asks for. */
    private static double usedBytes(List<Workload> workloads, long second, Predicate<Workload> choice) {
        return workloads.stream()
                .filter(choice)
                .filter(workload -> workload.runsAt(second))
                .mapToDouble(Workload::memoryBytes)
                .sum();
    }

    private void checkRoom(int index, String device, long room, double used) {
        if (used > room) {
            throw new BadInputException("scenario %s: GPU %d: its pods use %d MiB of %d MiB (%s)"
                    .formatted(scenario.name(), index, (long) used >> 20, room >> 20, device));
        }
    }

    Scenario scenario() {
        return scenario;
    }

    Failures failures() {
        return failures;
    }

    ThrottleTimeFields throttleTimes() {
        return throttleTimes;
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
        return microsAt(elapsedNanos());
    }

    /** The same at another moment, counted from the start. */
    long microsAt(long nanos) {
        return startMicros + nanos / 1000;
    }

    /** The last nanosecond from the start that falls into a microsecond since 1970. */
    long nanosAt(long micros) {
        return (micros - startMicros) * 1000 + 999;
    }
}
