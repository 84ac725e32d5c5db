package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.FabricInfoV1;
import dev.gpuexporter.nvml.NvmlStructs.FabricInfoV2;
import dev.gpuexporter.nvml.NvmlStructs.FabricInfoV3;
import dev.gpuexporter.nvml.Struct.Member;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/** How one GPU stands with the fabric of NVSwitches. */
public final class Fabric {
    private static final String FUNCTION = "nvmlDeviceGetGpuFabricInfoV";

    private final NvmlLibrary nvml;
    private final DeviceCalls calls;

    Fabric(NvmlLibrary nvml, DeviceCalls calls) {
        this.nvml = nvml;
        this.calls = calls;
    }

    /** Empty where the GPU belongs to no fabric. */
    public Optional<FabricInfo> info() throws NvmlException {
        Optional<FabricInfo> info = calls.versioned(
                FUNCTION + "(3", FabricInfoV3.LAYOUT, 3, nvml::nvmlDeviceGetGpuFabricInfoV, Fabric::third);
        if (info.isEmpty()) {
            info = calls.versioned(
                    FUNCTION + "(2", FabricInfoV2.LAYOUT, 2, nvml::nvmlDeviceGetGpuFabricInfoV, Fabric::second);
        }
        if (info.isEmpty()) {
            info = calls.struct(
                    "nvmlDeviceGetGpuFabricInfo", FabricInfoV1.LAYOUT, nvml::nvmlDeviceGetGpuFabricInfo, Fabric::first);
        }
        return info.filter(answer -> answer.state() != NVML_GPU_FABRIC_STATE_NOT_SUPPORTED);
    }

    private static FabricInfo third(Pointer out) {
        return new FabricInfo(
                FabricInfoV3.STATE.u8(out),
                FabricInfoV3.STATUS.s32(out),
                FabricInfoV3.CLIQUE_ID.u32(out),
                uuid(out, FabricInfoV3.CLUSTER_UUID),
                FabricInfoV3.HEALTH_MASK.s32(out),
                FabricInfoV3.HEALTH_SUMMARY.u8(out));
    }

    private static FabricInfo second(Pointer out) {
        return new FabricInfo(
                FabricInfoV2.STATE.u8(out),
                FabricInfoV2.STATUS.s32(out),
                FabricInfoV2.CLIQUE_ID.u32(out),
                uuid(out, FabricInfoV2.CLUSTER_UUID),
                FabricInfoV2.HEALTH_MASK.s32(out),
                NVML_GPU_FABRIC_HEALTH_SUMMARY_NOT_SUPPORTED);
    }

    private static FabricInfo first(Pointer out) {
        return new FabricInfo(
                FabricInfoV1.STATE.u8(out),
                FabricInfoV1.STATUS.s32(out),
                FabricInfoV1.CLIQUE_ID.u32(out),
                uuid(out, FabricInfoV1.CLUSTER_UUID),
                0,
                NVML_GPU_FABRIC_HEALTH_SUMMARY_NOT_SUPPORTED);
    }

    /** Sixteen bytes, in the order in which they are written; all zero where the fabric ends with the node. */
    private static String uuid(Pointer out, Member member) {
        ByteBuffer bytes = ByteBuffer.wrap(out.getByteArray(member.offset(), member.size()));
        UUID uuid = new UUID(bytes.getLong(), bytes.getLong());
        return uuid.equals(new UUID(0, 0)) ? "" : uuid.toString();
    }
}
