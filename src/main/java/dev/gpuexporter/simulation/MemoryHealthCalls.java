package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.config.Damage.Place;
import dev.gpuexporter.nvml.NvmlStructs.EccSramErrorStatus;
import dev.gpuexporter.nvml.NvmlStructs.RowRemapperHistogram;
import dev.gpuexporter.simulation.GpuModel.Feature;

/** Memory that is worn out. */
interface MemoryHealthCalls extends SystemCalls {
    @Override
    default int nvmlDeviceGetRemappedRows(
            Pointer device, Pointer corrRows, Pointer uncRows, Pointer isPending, Pointer failureOccurred) {
        return gate().onGpu("nvmlDeviceGetRemappedRows", device, gpu -> {
            Arguments.present(corrRows, uncRows, isPending, failureOccurred);
            gpu.model().require(Feature.REMAPPED_ROWS);
            MemoryDamage damage = gpu.damage();
            corrRows.setInt(0, (int) damage.rowsForCorrectable());
            uncRows.setInt(0, (int) damage.rowsForUncorrectable());
            isPending.setInt(0, damage.rowsPending() ? 1 : 0);
            failureOccurred.setInt(0, damage.rowFailed() ? 1 : 0);
        });
    }

    @Override
    default int nvmlDeviceGetRowRemapperHistogram(Pointer device, Pointer values) {
        return gate().onGpu("nvmlDeviceGetRowRemapperHistogram", device, gpu -> {
            Arguments.present(values);
            gpu.model().require(Feature.REMAPPED_ROWS);
            MemoryDamage damage = gpu.damage();
            long worn = damage.banksHigh() + damage.banksPartial() + damage.banksLow() + damage.banksNone();
            RowRemapperHistogram.MAX.set(values, gpu.model().memory().remapperBanks() - worn);
            RowRemapperHistogram.HIGH.set(values, damage.banksHigh());
            RowRemapperHistogram.PARTIAL.set(values, damage.banksPartial());
            RowRemapperHistogram.LOW.set(values, damage.banksLow());
            RowRemapperHistogram.NONE.set(values, damage.banksNone());
        });
    }

    @Override
    default int nvmlDeviceGetSramEccErrorStatus(Pointer device, Pointer status) {
        return gate().onGpu("nvmlDeviceGetSramEccErrorStatus", device, gpu -> {
            Arguments.version(status, EccSramErrorStatus.LAYOUT.version(1));
            gpu.model().require(Feature.SRAM_ECC);
            write(gpu.damage(), status);
        });
    }

    private static void write(MemoryDamage damage, Pointer status) {
        EccSramErrorStatus.AGGREGATE_UNC_PARITY.set(status, damage.parityErrors(true));
        EccSramErrorStatus.AGGREGATE_UNC_SEC_DED.set(
                status, damage.sramErrors(false, true) - damage.parityErrors(true));
        EccSramErrorStatus.AGGREGATE_COR.set(status, damage.sramErrors(true, true));
        EccSramErrorStatus.VOLATILE_UNC_PARITY.set(status, damage.parityErrors(false));
        EccSramErrorStatus.VOLATILE_UNC_SEC_DED.set(
                status, damage.sramErrors(false, false) - damage.parityErrors(false));
        EccSramErrorStatus.VOLATILE_COR.set(status, damage.sramErrors(true, false));
        EccSramErrorStatus.AGGREGATE_UNC_BUCKET_L2.set(status, damage.errors(false, true, Place.L2));
        EccSramErrorStatus.AGGREGATE_UNC_BUCKET_SM.set(status, damage.errors(false, true, Place.SM));
        EccSramErrorStatus.AGGREGATE_UNC_BUCKET_PCIE.set(status, damage.errors(false, true, Place.PCIE));
        EccSramErrorStatus.AGGREGATE_UNC_BUCKET_MCU.set(status, damage.errors(false, true, Place.MCU));
        EccSramErrorStatus.AGGREGATE_UNC_BUCKET_OTHER.set(status, damage.errors(false, true, Place.OTHER));
        EccSramErrorStatus.THRESHOLD_EXCEEDED.set(status, damage.sramThresholdExceeded() ? 1 : 0);
    }
}
