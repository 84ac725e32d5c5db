package dev.gpuexporter.simulation;

import java.util.Arrays;

/** Turns what is asked of a GPU into watts and clocks, within its power limit. */
final class PowerStage {
    private static final int CLOCK_STEP_MHZ = 15;
    private static final double NOISE = 0.02;
    private static final int STEPS_PER_SECOND = (int) (1_000_000_000 / Physics.STEP_NANOS);

    private final GpuModel model;
    private final double limitWatts;
    private final double idleWatts;
    private final double awakeWatts;
    private final double loadWatts;
    private final Seed noise;
    private final double[] lastSecond = new double[STEPS_PER_SECOND];
    private double watts;
    private double demandWatts;

    PowerStage(GpuModel model, double limitWatts, Seed seed) {
        this.model = model;
        this.limitWatts = limitWatts;
        double place = seed.of("power").uniform(0);
        idleWatts = model.power().idle().at(place);
        awakeWatts = model.power().awake().at(place);
        loadWatts = model.power().load().at(place);
        noise = seed.of("watts");
    }

    void advance(long step, double utilization, boolean held) {
        double idle = held || utilization > 0 ? awakeWatts : idleWatts;
        double ripple = utilization == 0 ? NOISE / 4 : NOISE;
        demandWatts = (idle + (loadWatts - idle) * utilization) * (1 + ripple * noise.around(step));
        watts = Math.min(demandWatts, limitWatts);
        if (step == 0) {
            Arrays.fill(lastSecond, watts);
        }
        lastSecond[(int) (step % STEPS_PER_SECOND)] = watts;
    }

    double watts() {
        return watts;
    }

    /** The mean of the last second; summed in a fixed order, so that it is the same whenever it is asked. */
    double averageWatts() {
        double sum = 0;
        for (double each : lastSecond) {
            sum += each;
        }
        return Math.min(limitWatts, sum / STEPS_PER_SECOND);
    }

    /** Whether the limit holds the clocks down. */
    boolean capped() {
        return demandWatts > limitWatts;
    }

    /** Where the GPU is between idle (0) and full load (1), by what it draws. */
    double heat() {
        return Math.max(0, (watts - idleWatts) / (loadWatts - idleWatts));
    }

    GpuModel.Clocks clocks(boolean asleep) {
        if (asleep) {
            return model.idleClocks();
        }
        GpuModel.Clocks max = model.maxClocks();
        if (!capped()) {
            return max;
        }
        // Dynamic power goes with about the cube of the clock, once the voltage follows it.
        double wanted = max.graphics() * StrictMath.cbrt(limitWatts / demandWatts);
        int below = (int) StrictMath.ceil((max.graphics() - wanted) / CLOCK_STEP_MHZ) * CLOCK_STEP_MHZ;
        int graphics = Math.max(model.idleClocks().graphics(), max.graphics() - below);
        return new GpuModel.Clocks(graphics, max.memory(), max.video());
    }
}
