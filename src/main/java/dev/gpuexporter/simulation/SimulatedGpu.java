package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario.FailureKind;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** One GPU of the simulated node. */
final class SimulatedGpu {
    private static final double FANS_START_CELSIUS = 45;

    private final int index;
    private final GpuModel model;
    private final Identity identity;
    private final double powerLimitWatts;
    private final Physics physics;
    private final MigPlan mig;
    private final Failures failures;
    private final List<SimulatedVgpu> vgpus;
    private final LongSupplier elapsedNanos;

    SimulatedGpu(
            int index,
            GpuModel model,
            Identity identity,
            double powerLimitWatts,
            Physics physics,
            MigPlan mig,
            Failures failures,
            List<SimulatedVgpu> vgpus,
            LongSupplier elapsedNanos) {
        this.index = index;
        this.model = model;
        this.identity = identity;
        this.powerLimitWatts = powerLimitWatts;
        this.physics = physics;
        this.mig = mig;
        this.failures = failures;
        this.vgpus = List.copyOf(vgpus);
        this.elapsedNanos = elapsedNanos;
    }

    /** Also its minor number: the driver was loaded with all GPUs in place. */
    int index() {
        return index;
    }

    GpuModel model() {
        return model;
    }

    Identity identity() {
        return identity;
    }

    /** Virtual GPUs that run on it. */
    List<SimulatedVgpu> vgpus() {
        return vgpus;
    }

    /** The limit in force, set by an operator or the model's own. */
    double powerLimitWatts() {
        return powerLimitWatts;
    }

    /** As {@code nvmlDeviceGetPowerUsage} says it. */
    double powerUsageWatts() {
        boolean averaged = model.has(GpuModel.Feature.AVERAGED_POWER_USAGE);
        return averaged ? state().averagePowerWatts() : state().powerWatts();
    }

    /** Percent of full speed. A card cooled from outside stands at 0; a card with fans starts them when it is warm. */
    long fanPercent() {
        if (!model.has(GpuModel.Feature.FANS_TURN)) {
            return 0;
        }
        double celsius = state().temperatureCelsius();
        return celsius < FANS_START_CELSIUS ? 0 : Math.min(100, Math.round(30 + 2 * (celsius - FANS_START_CELSIUS)));
    }

    /** What its PCIe link runs at: less when idle, and less where it came up badly. */
    int pcieGeneration() {
        GpuModel.Pcie pcie = model.pcie();
        int generation = state().idle() ? pcie.idleGeneration() : pcie.generation();
        return hasBadPcieLink() ? Math.min(generation, pcie.generation() - 1) : generation;
    }

    int pcieLanes() {
        int lanes = model.pcie().width();
        return hasBadPcieLink() ? lanes / 2 : lanes;
    }

    private boolean hasBadPcieLink() {
        return failures.has(FailureKind.PCIE_DEGRADED, index);
    }

    /** What has happened to its memory by now. */
    MemoryDamage damage() {
        return new MemoryDamage(failures, index);
    }

    /** What would mend it. */
    int recoveryAction() {
        return RecoveryAction.of(failures, index);
    }

    /** What the driver has sampled by now. */
    SampleHistory samples() {
        return physics.samplesAt(elapsedNanos.getAsLong());
    }

    /** How it is cut up. */
    MigPlan mig() {
        return mig;
    }

    /** Its MIG devices now. */
    List<SimulatedMig> migDevices() {
        return mig.at(elapsedNanos.getAsLong());
    }

    Optional<SimulatedMig> migDevice(int at) {
        return mig.at(elapsedNanos.getAsLong(), at);
    }

    /** Without what the driver reserves; in MIG mode with all that its GPU instances use. */
    long usedBytes() {
        return state().usedBytes() + mig.idleBytes(elapsedNanos.getAsLong());
    }

    /** How it is now. */
    GpuState state() {
        return physics.at(elapsedNanos.getAsLong());
    }
}
