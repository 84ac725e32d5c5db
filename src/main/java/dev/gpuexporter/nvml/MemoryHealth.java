package dev.gpuexporter.nvml;

import dev.gpuexporter.nvml.NvmlStructs.EccSramErrorStatus;
import dev.gpuexporter.nvml.NvmlStructs.RowRemapperHistogram;
import java.util.Optional;

/** How worn a GPU's memory is: rows that had to be replaced, spare ones that are left, errors in SRAM. */
public final class MemoryHealth {
    private static final int WORD = 8;

    private final NvmlLibrary nvml;
    private final DeviceCalls calls;

    MemoryHealth(NvmlLibrary nvml, DeviceCalls calls) {
        this.nvml = nvml;
        this.calls = calls;
    }

    /**
     * Rows of device memory that spare ones stand in for.
     *
     * @param correctable how many for correctable errors
     * @param uncorrectable how many for uncorrectable errors
     * @param pending whether some wait for the GPU to be reset
     * @param failed whether one could not be replaced
     */
    public record RemappedRows(long correctable, long uncorrectable, boolean pending, boolean failed) {}

    /** How many banks of device memory have all of their spare rows left, or fewer and fewer, or none. */
    public record RemapperBanks(long max, long high, long partial, long low, long none) {}

    /**
     * Errors in SRAM.
     *
     * @param life in the GPU's life
     * @param sinceLoad since the driver was loaded
     * @param units the uncorrectable ones of its life, by where they were
     * @param thresholdExceeded whether they are so many that the GPU should be replaced
     */
    public record SramErrors(Counts life, Counts sinceLoad, Units units, boolean thresholdExceeded) {}

    /** Uncorrectable errors by what found them, parity or a code (single error corrected, double detected). */
    public record Counts(long corrected, long parity, long secDed) {}

    /** Uncorrectable errors by unit; {@code mcu} is the GPU's microcontrollers. */
    public record Units(long l2, long sm, long pcie, long mcu, long other) {}

    /** {@code nvmlDeviceGetRemappedRows}: the field values 142–145, for drivers that lack those. */
    public Optional<RemappedRows> remappedRows() throws NvmlException {
        return calls.bytes(
                "nvmlDeviceGetRemappedRows",
                4 * WORD,
                (device, out) -> nvml.nvmlDeviceGetRemappedRows(
                        device, out, out.share(WORD), out.share(2 * WORD), out.share(3 * WORD)),
                out -> new RemappedRows(
                        Integer.toUnsignedLong(out.getInt(0)),
                        Integer.toUnsignedLong(out.getInt(WORD)),
                        out.getInt(2 * WORD) != 0,
                        out.getInt(3 * WORD) != 0));
    }

    /** {@code nvmlDeviceGetRowRemapperHistogram}: Ampere and later; also answered where MIG is enabled. */
    public Optional<RemapperBanks> remapperBanks() throws NvmlException {
        return calls.struct(
                "nvmlDeviceGetRowRemapperHistogram",
                RowRemapperHistogram.LAYOUT,
                nvml::nvmlDeviceGetRowRemapperHistogram,
                out -> new RemapperBanks(
                        RowRemapperHistogram.MAX.u32(out),
                        RowRemapperHistogram.HIGH.u32(out),
                        RowRemapperHistogram.PARTIAL.u32(out),
                        RowRemapperHistogram.LOW.u32(out),
                        RowRemapperHistogram.NONE.u32(out)));
    }

    /** {@code nvmlDeviceGetSramEccErrorStatus}: driver 550, and only for root. */
    public Optional<SramErrors> sramErrors() throws NvmlException {
        return calls.versioned(
                "nvmlDeviceGetSramEccErrorStatus",
                EccSramErrorStatus.LAYOUT,
                1,
                nvml::nvmlDeviceGetSramEccErrorStatus,
                out -> new SramErrors(
                        new Counts(
                                EccSramErrorStatus.AGGREGATE_COR.u64(out),
                                EccSramErrorStatus.AGGREGATE_UNC_PARITY.u64(out),
                                EccSramErrorStatus.AGGREGATE_UNC_SEC_DED.u64(out)),
                        new Counts(
                                EccSramErrorStatus.VOLATILE_COR.u64(out),
                                EccSramErrorStatus.VOLATILE_UNC_PARITY.u64(out),
                                EccSramErrorStatus.VOLATILE_UNC_SEC_DED.u64(out)),
                        new Units(
                                EccSramErrorStatus.AGGREGATE_UNC_BUCKET_L2.u64(out),
                                EccSramErrorStatus.AGGREGATE_UNC_BUCKET_SM.u64(out),
                                EccSramErrorStatus.AGGREGATE_UNC_BUCKET_PCIE.u64(out),
                                EccSramErrorStatus.AGGREGATE_UNC_BUCKET_MCU.u64(out),
                                EccSramErrorStatus.AGGREGATE_UNC_BUCKET_OTHER.u64(out)),
                        EccSramErrorStatus.THRESHOLD_EXCEEDED.u32(out) != 0));
    }
}
