package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario.Failure;
import java.util.List;

/** What the PCIe link of one GPU counts. */
final class PcieCounters {
    private static final double STEPS_PER_DAY = 24 * 3600 * (1e9 / Physics.STEP_NANOS);
    private static final double REPLAYS_PER_DAY = 6;
    private static final double IDLE_LOW = 300e3;
    private static final double IDLE_HIGH = 600e3;
    private static final double BUSY = 2e9;
    private static final int MOST_DAMAGED_A_STEP = 4;

    private final List<Failure> failures;
    private final Seed replay;
    private final Seed traffic;
    private final Seed damage;
    private PcieState now = PcieState.NOTHING;

    /** @param failures those that damage this GPU's packets */
    PcieCounters(List<Failure> failures, Seed seed) {
        this.failures = List.copyOf(failures);
        replay = seed.of("replay");
        traffic = seed.of("traffic");
        damage = seed.of("PCIe damage");
    }

    void driverUnloaded() {
        now = PcieState.NOTHING;
    }

    void advance(long step, double utilization) {
        double seconds = Physics.STEP_NANOS / 1e9;
        double transmit = bytesPerSecond(2 * step, 0.3 * utilization);
        double receive = bytesPerSecond(2 * step + 1, utilization);
        now = new PcieState(
                now.replays() + (replay.uniform(step) < REPLAYS_PER_DAY / STEPS_PER_DAY ? 1 : 0),
                now.damaged() + (suffers(step) ? damage.bits(step) >>> 1 & MOST_DAMAGED_A_STEP - 1 : 0),
                now.transmitBytes() + transmit * seconds,
                now.receiveBytes() + receive * seconds,
                transmit,
                receive);
    }

    private boolean suffers(long step) {
        for (Failure failure : failures) {
            if (failure.window().contains(step * Physics.STEP_NANOS)) {
                return true;
            }
        }
        return false;
    }

    private double bytesPerSecond(long n, double busy) {
        double idle = IDLE_LOW + (IDLE_HIGH - IDLE_LOW) * traffic.uniform(n);
        return idle + (BUSY - IDLE_HIGH) * busy * traffic.uniform(n);
    }

    PcieState now() {
        return now;
    }
}
