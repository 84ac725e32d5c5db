package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario.Failure;
import java.util.Set;

/** What would mend a GPU, as {@code NVML_FI_DEV_GET_GPU_RECOVERY_ACTION} says it. */
final class RecoveryAction {
    private static final int NONE = 0;
    private static final int GPU_RESET = 1;
    private static final int NODE_REBOOT = 2;
    private static final int DRAIN_AND_RESET = 4;

    /** The GPU has fallen off the bus. */
    private static final int OFF_THE_BUS = 79;

    /** Errors that stop a GPU from working until it is reset: in memory, on NVLink, in its firmware. */
    private static final Set<Integer> RESET_XIDS = Set.of(46, 48, 62, 64, 74, 95, 109, 119, 120, 140, 143);

    private RecoveryAction() {}

    /** The strongest that anything since the driver was loaded asks for. */
    static int of(Failures failures, int gpu) {
        boolean reboot = failures.begun(gpu, true).stream().anyMatch(failure -> hasXid(failure, Set.of(OFF_THE_BUS)));
        if (reboot) {
            return NODE_REBOOT;
        }
        if (failures.begun(gpu, true).stream().anyMatch(failure -> hasXid(failure, RESET_XIDS))) {
            return GPU_RESET;
        }
        return new MemoryDamage(failures, gpu).rowsPending() ? DRAIN_AND_RESET : NONE;
    }

    private static boolean hasXid(Failure failure, Set<Integer> xids) {
        return failure.xid().isPresent() && xids.contains(failure.xid().getAsInt());
    }
}
