package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Pointer;
import dev.gpuexporter.config.Scenario.Failure;
import dev.gpuexporter.config.Scenario.FailureKind;
import dev.gpuexporter.nvml.NvmlReturn;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** The event sets that somebody has made, and what the driver has recorded for each. */
final class EventSets {
    private static final long FIRST_HANDLE = 0x9000;

    /** How often a set looks for corrected errors: a GPU's state costs more to reckon than all else it looks at. */
    private static final long COUNT_NANOS = 1_000_000_000;

    private final SimulatedNode node;
    private final Map<Long, Set> sets = new HashMap<>();
    private long made;

    EventSets(SimulatedNode node) {
        this.node = node;
    }

    /** @param data the Xid; 0 for any other type */
    record Event(SimulatedGpu gpu, long type, long data) {}

    private static final class Set {
        private final List<Recording> recordings = new ArrayList<>();
        private final Queue<Event> events = new ArrayDeque<>();
    }

    /** Of one GPU since somebody wanted it. */
    private static final class Recording {
        private final SimulatedGpu gpu;
        private final long types;
        private long untilNanos;
        private long corrected;
        private long countedNanos;

        Recording(SimulatedGpu gpu, long types, long nowNanos) {
            this.gpu = gpu;
            this.types = types;
            this.untilNanos = nowNanos;
            this.countedNanos = nowNanos;
            this.corrected = gpu.state().counters().volatileCorrected();
        }
    }

    synchronized Pointer create() {
        long handle = FIRST_HANDLE + made++;
        sets.put(handle, new Set());
        return new Pointer(handle);
    }

    synchronized void free(Pointer set) throws Refusal {
        byHandle(set);
        sets.remove(Pointer.nativeValue(set));
    }

    synchronized void register(Pointer set, SimulatedGpu gpu, long types) throws Refusal {
        Set known = byHandle(set);
        if ((types & ~supported(gpu)) != 0) {
            throw Refusal.notSupported();
        }
        known.recordings.add(new Recording(gpu, types, node.elapsedNanos()));
    }

    /** Xids, P-states and clocks on all; the newest two since driver 565. */
    long supported(SimulatedGpu gpu) {
        long types = nvmlEventTypeXidCriticalError | 0x4 | 0x10;
        if (gpu.model().has(GpuModel.Feature.ECC)) {
            types |= nvmlEventTypeSingleBitEccError | nvmlEventTypeDoubleBitEccError;
        }
        if (gpu.model().has(GpuModel.Feature.MIG)) {
            types |= nvmlEventMigConfigChange;
        }
        int driver = Integer.parseInt(node.scenario().driverVersion().split("\\.")[0]);
        return driver < 565 ? types : types | nvmlEventTypeGpuUnavailableError | nvmlEventTypeGpuRecoveryAction;
    }

    /**
     * The oldest event that nobody has taken.
     *
     * @throws Refusal where nothing is left to take and a GPU of the set is lost
     */
    synchronized Optional<Event> take(Pointer set) throws Refusal {
        Set known = byHandle(set);
        known.recordings.forEach(recording -> record(recording, known.events));
        if (known.events.isEmpty()) {
            for (Recording recording : known.recordings) {
                if (node.failures().has(FailureKind.LOST, recording.gpu.index())) {
                    throw new Refusal(NvmlReturn.GPU_IS_LOST);
                }
            }
        }
        return Optional.ofNullable(known.events.poll());
    }

    private void record(Recording recording, Queue<Event> events) {
        long now = node.elapsedNanos();
        SimulatedGpu gpu = recording.gpu;
        for (Failure failure : node.failures().begun(gpu.index(), recording.untilNanos, now)) {
            failure.xid().ifPresent(xid -> add(recording, nvmlEventTypeXidCriticalError, xid, events));
        }
        for (long changes = gpu.mig().changes(recording.untilNanos, now); changes > 0; changes--) {
            add(recording, nvmlEventMigConfigChange, 0, events);
        }
        recording.untilNanos = now;
        if (now - recording.countedNanos >= COUNT_NANOS) {
            recording.countedNanos = now;
            long corrected = gpu.state().counters().volatileCorrected();
            for (; recording.corrected < corrected; recording.corrected++) {
                add(recording, nvmlEventTypeSingleBitEccError, 0, events);
            }
        }
    }

    private static void add(Recording recording, long type, long data, Queue<Event> events) {
        if ((recording.types & type) != 0) {
            events.add(new Event(recording.gpu, type, data));
        }
    }

    private Set byHandle(Pointer set) throws Refusal {
        Set known = sets.get(Pointer.nativeValue(set));
        if (known == null) {
            throw Refusal.invalidArgument();
        }
        return known;
    }
}
