package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario.FailureKind;
import java.util.List;
import java.util.Set;

/**
 * One GPU's load, power, heat and counters over time. It goes in steps of a tenth of a second from the start on, each a
 * function of the one before: what it says depends on the seed and the time, never on how often it was asked.
 */
final class Physics {
    static final long STEP_NANOS = 100_000_000;

    private static final long STEPS_PER_SECOND = 1_000_000_000 / STEP_NANOS;
    private static final double GPU_LAG_SECONDS = 40;
    private static final double MEMORY_LAG_SECONDS = 60;
    private static final double HOTTER_MEMORY_CELSIUS = 6;
    private static final double TOO_HOT_CELSIUS = 2;
    private static final long SLOWDOWNS = GpuState.REASON_SW_THERMAL_SLOWDOWN | GpuState.REASON_HW_POWER_BRAKE_SLOWDOWN;
    private static final int LOWEST_STATE = 8;
    private static final int COMPUTE_STATE = 2;

    private final int index;
    private final GpuModel model;
    private final List<Workload> workloads;
    private final Failures failures;
    private final PowerStage power;
    private final RunningCounters counters;
    private final SampleHistory samples = new SampleHistory();
    private final RunningActivity activity = new RunningActivity();
    private final double idleCelsius;
    private final double loadCelsius;
    private final double slowdownCelsius;

    private long step = -1;
    private long second = -1;
    private long restartsSeen;
    private boolean driverWasGone;
    private SharedTime time = SharedTime.NONE;
    private double celsius;
    private double memoryCelsius;
    private GpuState state;

    Physics(int index, GpuModel model, double limitWatts, List<Workload> workloads, Failures failures, Seed seed) {
        this.index = index;
        this.model = model;
        this.workloads = List.copyOf(workloads);
        this.failures = failures;
        power = new PowerStage(model, limitWatts, seed);
        counters = new RunningCounters(
                new PcieCounters(failures.of(index, Set.of(FailureKind.PCIE_ERRORS)), seed),
                new NvLinkCounters(
                        model.nvLink(),
                        failures.of(index, Set.of(FailureKind.NVLINK_DOWN, FailureKind.NVLINK_ERRORS)),
                        seed),
                seed);
        double place = seed.of("cooling").uniform(0);
        idleCelsius = model.thermal().idle().at(place);
        loadCelsius = model.thermal().load().at(place);
        slowdownCelsius = model.thermal().thresholds().slowdownCelsius();
    }

    synchronized GpuState at(long elapsedNanos) {
        long wanted = elapsedNanos / STEP_NANOS;
        if (wanted <= step && state != null) {
            return state;
        }
        while (step < wanted) {
            advance(step + 1);
        }
        state = read();
        return state;
    }

    /** What the driver has sampled by then. */
    synchronized SampleHistory samplesAt(long elapsedNanos) {
        at(elapsedNanos);
        return samples.at(elapsedNanos);
    }

    private void advance(long to) {
        boolean start = to == 0;
        step = to;
        boolean driverGone = failures.driverGone(step * STEP_NANOS);
        long restarts = failures.unloads(step * STEP_NANOS) + failures.resets(index, step * STEP_NANOS);
        if (restarts != restartsSeen) {
            counters.driverUnloaded();
            samples.clear(step);
        }
        if (step / STEPS_PER_SECOND != second || driverGone != driverWasGone) {
            second = step / STEPS_PER_SECOND;
            load(driverGone);
        }
        restartsSeen = restarts;
        driverWasGone = driverGone;
        power.advance(step, time.utilization(), !time.processes().isEmpty());
        samples.step(step, power.watts(), time.utilization());
        warm(start);
        if (!start && !driverGone) {
            activity.advance(time);
            counters.advance(step, time.utilization(), power.watts(), reasons());
        }
    }

    /** Without a driver nobody runs. */
    private void load(boolean driverGone) {
        List<Workload> running = driverGone
                ? List.of()
                : workloads.stream().filter(workload -> workload.runsAt(second)).toList();
        time = SharedTime.of(running, second, model);
    }

    private void warm(boolean start) {
        double target = idleCelsius + (loadCelsius - idleCelsius) * power.heat();
        if (has(FailureKind.OVERHEATING)) {
            target = Math.max(target, slowdownCelsius + TOO_HOT_CELSIUS);
        }
        double memoryTarget = target + HOTTER_MEMORY_CELSIUS * (0.3 + 0.7 * time.memoryUtilization());
        if (start) {
            celsius = target;
            memoryCelsius = memoryTarget;
            return;
        }
        double seconds = STEP_NANOS / 1e9;
        celsius += (target - celsius) * seconds / GPU_LAG_SECONDS;
        memoryCelsius += (memoryTarget - memoryCelsius) * seconds / MEMORY_LAG_SECONDS;
    }

    private GpuState read() {
        boolean idle = time.utilization() == 0;
        boolean awake = !idle || staysAwakeForItsProcesses();
        return new GpuState(
                time.utilization(),
                time.memoryUtilization(),
                power.watts(),
                power.averageWatts(),
                celsius,
                memoryCelsius,
                performanceState(idle, awake),
                clocks(!awake),
                reasons(),
                time.processes(),
                counters.now(),
                activity.now(step * STEP_NANOS));
    }

    /** What holds the clocks where they are. */
    private long reasons() {
        long reasons =
                time.utilization() == 0 ? GpuState.REASON_IDLE : power.capped() ? GpuState.REASON_SW_POWER_CAP : 0;
        if (celsius >= slowdownCelsius) {
            reasons |= GpuState.REASON_SW_THERMAL_SLOWDOWN;
        }
        if (has(FailureKind.POWER_BRAKE)) {
            reasons |= GpuState.REASON_HW_SLOWDOWN | GpuState.REASON_HW_POWER_BRAKE_SLOWDOWN;
        }
        return reasons;
    }

    /** Heat and brakes halve them. */
    private GpuModel.Clocks clocks(boolean asleep) {
        GpuModel.Clocks clocks = power.clocks(asleep);
        return (reasons() & SLOWDOWNS) == 0 || asleep
                ? clocks
                : new GpuModel.Clocks(clocks.graphics() / 2, clocks.memory(), clocks.video());
    }

    private boolean has(FailureKind kind) {
        return failures.has(kind, index, step * STEP_NANOS);
    }

    /** T4 and L4 were seen in P0 with nothing to do: that is while a process holds them. */
    private boolean staysAwakeForItsProcesses() {
        return !time.processes().isEmpty() && model.power().isMoreWhenAwake();
    }

    private int performanceState(boolean idle, boolean awake) {
        if (!model.has(GpuModel.Feature.SINKS_WHEN_IDLE)) {
            return 0;
        }
        if (!awake) {
            return LOWEST_STATE;
        }
        return idle ? 0 : COMPUTE_STATE;
    }
}
