package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Scenario.Failure;
import dev.gpuexporter.config.Scenario.FailureKind;
import dev.gpuexporter.nvml.NvmlReturn;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** What goes wrong at a given moment. Loops, where every call of the driver, or every step of its time, comes through. */
final class Failures {
    private static final String GET_HANDLE = "nvmlDeviceGetHandleByIndex_v2";
    private static final long HANG_POLL_MILLIS = 20;

    private final List<Failure> failures;
    private final LongSupplier elapsedNanos;

    Failures(List<Failure> failures, LongSupplier elapsedNanos) {
        this.failures = List.copyOf(failures);
        this.elapsedNanos = elapsedNanos;
    }

    boolean driverGone() {
        return driverGone(elapsedNanos.getAsLong());
    }

    boolean driverGone(long nanos) {
        for (Failure failure : failures) {
            if (failure.kind() == FailureKind.DRIVER_GONE && failure.window().contains(nanos)) {
                return true;
            }
        }
        return false;
    }

    /** How often the driver has been unloaded: who initialized NVML before the last time must do so again. */
    long unloads() {
        return unloads(elapsedNanos.getAsLong());
    }

    long unloads(long nanos) {
        long unloads = 0;
        for (Failure failure : failures) {
            if (failure.kind() == FailureKind.DRIVER_GONE
                    && failure.window().from().toNanos() <= nanos) {
                unloads++;
            }
        }
        return unloads;
    }

    /** When the driver was last unloaded, or the GPU reset; before the start where neither ever was. */
    private long lastRestartNanos(int gpu, long nanos) {
        Stream<Duration> unloads = failures.stream()
                .filter(failure -> failure.kind() == FailureKind.DRIVER_GONE)
                .map(failure -> failure.window().from());
        return Stream.concat(unloads, resets(gpu))
                .mapToLong(Duration::toNanos)
                .filter(time -> time <= nanos)
                .max()
                .orElse(-1);
    }

    /** What has befallen a GPU by now, in its life or since it was last reset. */
    List<Failure> begun(int gpu, boolean sinceReset) {
        if (failures.isEmpty()) {
            return failures;
        }
        long now = elapsedNanos.getAsLong();
        return begun(gpu, sinceReset ? lastRestartNanos(gpu, now) : -1, now);
    }

    /** Whether a device plugin keeps the GPU back: it answers nothing any more, or the plugin thinks so. */
    boolean keptBack(int gpu) {
        return has(FailureKind.LOST, gpu) || has(FailureKind.UNHEALTHY, gpu);
    }

    /** Whether this befalls the GPU now. */
    boolean has(FailureKind kind, int gpu) {
        return has(kind, gpu, elapsedNanos.getAsLong());
    }

    boolean has(FailureKind kind, int gpu, long nanos) {
        for (Failure failure : failures) {
            if (failure.kind() == kind && failure.hits(gpu) && failure.window().contains(nanos)) {
                return true;
            }
        }
        return false;
    }

    boolean kubeletGone() {
        return active(FailureKind.KUBELET_GONE);
    }

    /** How often the GPU has been reset: it was lost, or asked for it, and answers again. */
    long resets(int gpu, long nanos) {
        return failures.isEmpty()
                ? 0
                : resets(gpu).filter(end -> end.toNanos() <= nanos).count();
    }

    private Stream<Duration> resets(int gpu) {
        return of(gpu, Set.of(FailureKind.LOST, FailureKind.RESET_REQUIRED)).stream()
                .filter(failure -> failure.function().isEmpty())
                .flatMap(failure -> failure.window().until().stream());
    }

    /** Those of some kinds that befall the GPU, whenever that is. */
    List<Failure> of(int gpu, Set<FailureKind> kinds) {
        return failures.stream()
                .filter(failure -> failure.hits(gpu) && kinds.contains(failure.kind()))
                .toList();
    }

    /** Throws when a call that concerns no GPU, or every one, must not succeed. */
    void check(String function) throws Refusal {
        if (function.equals("nvmlInit_v2") && active(FailureKind.VERSION_MISMATCH)) {
            throw new Refusal(NvmlReturn.LIB_RM_VERSION_MISMATCH);
        }
        for (Failure failure : failures) {
            if (failure.kind() == FailureKind.UNKNOWN_ERROR && failure.gpu().isEmpty()) {
                refuse(failure, function, NvmlReturn.UNKNOWN);
            }
            if (failure.kind() == FailureKind.HANG && failure.function().isPresent()) {
                hang(failure, function);
            }
        }
    }

    /** What has befallen a GPU since {@code afterNanos}. */
    List<Failure> begun(int gpu, long afterNanos, long untilNanos) {
        if (failures.isEmpty()) {
            return failures;
        }
        return failures.stream()
                .filter(failure -> failure.hits(gpu) && !failure.kind().ofTheNode())
                .filter(failure -> failure.window().from().toNanos() > afterNanos
                        && failure.window().from().toNanos() <= untilNanos)
                .toList();
    }

    /** Throws when a call on a GPU must not succeed, and does not return while the GPU hangs. */
    void check(int gpu, String function) throws Refusal {
        for (Failure failure : failures) {
            if (failure.hits(gpu)) {
                switch (failure.kind()) {
                    case LOST -> refuse(failure, function, NvmlReturn.GPU_IS_LOST);
                    case RESET_REQUIRED -> refuse(failure, function, NvmlReturn.RESET_REQUIRED);
                    case UNKNOWN_ERROR -> refuse(failure, function, NvmlReturn.UNKNOWN);
                    case NO_PERMISSION -> {
                        if (failure.function().isPresent() || function.equals(GET_HANDLE)) {
                            refuse(failure, function, NvmlReturn.NO_PERMISSION);
                        }
                    }
                    case HANG -> hang(failure, function);
                    case DRIVER_GONE,
                            VERSION_MISMATCH,
                            XID,
                            NVLINK_DOWN,
                            NVLINK_ERRORS,
                            PCIE_ERRORS,
                            PCIE_DEGRADED,
                            OVERHEATING,
                            POWER_BRAKE,
                            UNHEALTHY,
                            KUBELET_GONE,
                            ECC_CORRECTED,
                            ECC_UNCORRECTED,
                            ROW_REMAP,
                            ROW_REMAP_FAILED -> {}
                }
            }
        }
    }

    private void refuse(Failure failure, String function, NvmlReturn code) throws Refusal {
        if (isNow(failure) && concerns(failure, function)) {
            throw new Refusal(code);
        }
    }

    /** As a call that sits in the kernel: nothing wakes the thread, an interrupt is only remembered. */
    private void hang(Failure failure, String function) {
        boolean interrupted = false;
        while (isNow(failure) && concerns(failure, function)) {
            try {
                Thread.sleep(HANG_POLL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean concerns(Failure failure, String function) {
        return failure.function().isEmpty() || failure.function().get().equals(function);
    }

    private boolean isNow(Failure failure) {
        return failure.window().contains(elapsedNanos.getAsLong());
    }

    private boolean active(FailureKind kind) {
        return failures.stream().anyMatch(failure -> failure.kind() == kind && isNow(failure));
    }
}
