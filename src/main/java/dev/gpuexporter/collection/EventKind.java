package dev.gpuexporter.collection;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import java.util.Locale;
import java.util.stream.Stream;

/** The events that we have the driver record. It knows more, such as every change of a clock. */
enum EventKind {
    XID(nvmlEventTypeXidCriticalError, false),
    SINGLE_BIT_ECC_ERROR(nvmlEventTypeSingleBitEccError, false),
    DOUBLE_BIT_ECC_ERROR(nvmlEventTypeDoubleBitEccError, false),
    SINGLE_BIT_ECC_ERROR_STORM(nvmlEventTypeSingleBitEccErrorStorm, false),
    DRAM_RETIREMENT(nvmlEventTypeDramRetirementEvent, false),
    DRAM_RETIREMENT_FAILURE(nvmlEventTypeDramRetirementFailure, false),
    NON_FATAL_POISON_ERROR(nvmlEventTypeNonFatalPoisonError, false),
    FATAL_POISON_ERROR(nvmlEventTypeFatalPoisonError, false),
    MIG_CONFIG_CHANGE(nvmlEventMigConfigChange, true),
    GPU_UNAVAILABLE(nvmlEventTypeGpuUnavailableError, true),
    RECOVERY_ACTION_CHANGE(nvmlEventTypeGpuRecoveryAction, true),
    /** What a driver delivers without having been asked. */
    OTHER(0, false);

    /** The bits of all. */
    static final long WANTED = Stream.of(values()).mapToLong(kind -> kind.type).reduce(0, (a, b) -> a | b);

    private final long type;
    private final boolean changesTheGpu;

    EventKind(long type, boolean changesTheGpu) {
        this.type = type;
        this.changesTheGpu = changesTheGpu;
    }

    static EventKind of(long type) {
        return Stream.of(values()).filter(kind -> kind.type == type).findFirst().orElse(OTHER);
    }

    /** Whether a GPU that can tell of these types can tell of this. */
    boolean isIn(long types) {
        return (types & type) != 0;
    }

    /** Whether the GPU's parts or its state are others now, so that a reading from before is out of date. */
    boolean changesTheGpu() {
        return changesTheGpu;
    }

    /** As the label has it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
