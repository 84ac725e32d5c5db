package dev.gpuexporter.simulation;

import dev.gpuexporter.config.Damage.Place;
import dev.gpuexporter.config.Scenario.Failure;
import dev.gpuexporter.config.Scenario.FailureKind;
import java.util.List;

/**
 * What a scenario has done to one GPU's memory by now. A row, or on cards before Ampere a page, is given up for every
 * uncorrectable error in device memory; that waits until the driver is loaded anew, which resets the GPU.
 */
final class MemoryDamage {
    /** How many rows of a bank can be replaced; not recorded anywhere. */
    private static final int SPARE_ROWS = 8;

    /** From so many uncorrectable errors in SRAM on its threshold is exceeded; not recorded anywhere. */
    private static final int SRAM_THRESHOLD = 10;

    private static final List<Place> SRAM = List.of(Place.L2, Place.SM, Place.PCIE, Place.MCU, Place.OTHER);

    private final List<Failure> life;
    private final List<Failure> sinceLoad;

    MemoryDamage(Failures failures, int gpu) {
        life = failures.begun(gpu, false);
        sinceLoad = failures.begun(gpu, true);
    }

    /** Errors at one place, in the GPU's life or since the driver was loaded. */
    long errors(boolean corrected, boolean inLife, Place place) {
        FailureKind kind = corrected ? FailureKind.ECC_CORRECTED : FailureKind.ECC_UNCORRECTED;
        long errors = 0;
        for (Failure failure : inLife ? life : sinceLoad) {
            if (failure.kind() == kind && failure.damage().place() == place) {
                errors += failure.damage().count();
            }
        }
        return errors;
    }

    long sramErrors(boolean corrected, boolean inLife) {
        long errors = 0;
        for (Place place : SRAM) {
            errors += errors(corrected, inLife, place);
        }
        return errors;
    }

    /** Parity guards what is in the SMs, a code the rest; not recorded anywhere. */
    long parityErrors(boolean inLife) {
        return errors(false, inLife, Place.SM);
    }

    boolean sramThresholdExceeded() {
        return sramErrors(false, true) >= SRAM_THRESHOLD;
    }

    /** Rows or pages given up for errors that could be corrected. */
    long rowsForCorrectable() {
        return life.stream()
                .filter(failure -> failure.kind() == FailureKind.ROW_REMAP)
                .mapToLong(failure -> failure.damage().count())
                .sum();
    }

    /** Rows or pages given up for errors that could not. */
    long rowsForUncorrectable() {
        return errors(false, true, Place.DRAM) - errors(false, false, Place.DRAM);
    }

    boolean rowsPending() {
        return errors(false, false, Place.DRAM) > 0;
    }

    boolean rowFailed() {
        return life.stream().anyMatch(failure -> failure.kind() == FailureKind.ROW_REMAP_FAILED);
    }

    /** How many banks have between so many and so many of their spare rows in use; every failure has a bank of its own. */
    private long banks(int least, int most) {
        long banks = 0;
        for (Failure failure : life) {
            long rows = failure.damage().count();
            if (isRemapped(failure) && rows >= least && rows <= most) {
                banks++;
            }
        }
        return banks;
    }

    private boolean isRemapped(Failure failure) {
        return failure.kind() == FailureKind.ROW_REMAP
                || failure.kind() == FailureKind.ECC_UNCORRECTED
                        && failure.damage().place() == Place.DRAM
                        && !sinceLoad.contains(failure);
    }

    long banksHigh() {
        return banks(1, SPARE_ROWS / 4);
    }

    long banksPartial() {
        return banks(SPARE_ROWS / 4 + 1, SPARE_ROWS / 2);
    }

    long banksLow() {
        return banks(SPARE_ROWS / 2 + 1, SPARE_ROWS - 1);
    }

    long banksNone() {
        return banks(SPARE_ROWS, Integer.MAX_VALUE) + (rowFailed() ? 1 : 0);
    }
}
