package dev.gpuexporter.simulation;

import static dev.gpuexporter.nvml.NvmlConstants.*;
import static dev.gpuexporter.simulation.FieldIds.*;

import dev.gpuexporter.simulation.GpuModel.Feature;

/** The fields of the PCIe link. */
final class PcieFields {
    private static final long ALL_32_BITS = 0xFFFFFFFFL;

    private final GpuModel model;
    private final PcieState pcie;

    PcieFields(GpuModel model, PcieState pcie) {
        this.model = model;
        this.pcie = pcie;
    }

    /** Each kind of error is another part of the packets that were damaged, so that the kinds can be told apart. */
    FieldReading read(int field) throws Refusal {
        long damaged = pcie.damaged();
        return switch (field) {
            case NVML_FI_DEV_PCIE_REPLAY_COUNTER -> FieldReading.u32(pcie.allReplays());
            case NVML_FI_DEV_PCIE_REPLAY_ROLLOVER_COUNTER -> FieldReading.u32(damaged / 9);
            case NVML_FI_DEV_PCIE_L0_TO_RECOVERY_COUNTER -> FieldReading.u32(damaged / 10);
            case NVML_FI_DEV_PCIE_COUNT_CORRECTABLE_ERRORS -> FieldReading.u32(damaged);
            case NVML_FI_DEV_PCIE_COUNT_NAKS_RECEIVED -> FieldReading.u32(pcie.replays() + damaged / 3);
            case NVML_FI_DEV_PCIE_COUNT_RECEIVER_ERROR -> FieldReading.u32(damaged / 6);
            case NVML_FI_DEV_PCIE_COUNT_BAD_TLP -> FieldReading.u32(damaged / 4);
            case NVML_FI_DEV_PCIE_COUNT_NAKS_SENT -> FieldReading.u32(damaged / 5);
            case NVML_FI_DEV_PCIE_COUNT_BAD_DLLP -> FieldReading.u32(damaged / 7);
            case NVML_FI_DEV_PCIE_COUNT_NON_FATAL_ERROR -> FieldReading.u32(damaged / 11);
            case NVML_FI_DEV_PCIE_COUNT_FATAL_ERROR, NVML_FI_DEV_PCIE_COUNT_UNSUPPORTED_REQ -> FieldReading.u32(0);
            case NVML_FI_DEV_PCIE_COUNT_LCRC_ERROR -> FieldReading.u32(damaged / 4);
            case NVML_FI_DEV_PCIE_COUNT_LANE_ERROR -> FieldReading.u32(damaged / 8);
            case NVML_FI_DEV_PCIE_COUNT_TX_BYTES -> bytes(pcie.transmitBytes());
            case NVML_FI_DEV_PCIE_COUNT_RX_BYTES -> bytes(pcie.receiveBytes());
            default -> throw Refusal.notSupported();
        };
    }

    /** How wide the counters are on which GPU is not known: some models here have 64 bits, the others wrap at 32. */
    private FieldReading bytes(double bytes) {
        return FieldReading.u64(model.has(Feature.WIDE_PCIE_COUNTERS) ? (long) bytes : (long) bytes & ALL_32_BITS);
    }
}
