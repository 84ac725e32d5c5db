package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlCall.*;
import static dev.gpuexporter.nvml.NvmlConstants.*;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlCall.Answer;
import dev.gpuexporter.nvml.NvmlStructs.FabricInfoV1;
import dev.gpuexporter.nvml.NvmlStructs.FabricInfoV2;
import dev.gpuexporter.nvml.NvmlStructs.FabricInfoV3;
import dev.gpuexporter.nvml.NvmlStructs.PciInfo;
import java.util.List;

/** The part of {@link NvmlCalls} that concerns NVLinks and the fabric. */
final class NvLinkCalls {
    private static final int LINK = 7;

    private final NvmlLibrary nvml;

    NvLinkCalls(NvmlLibrary nvml) {
        this.nvml = nvml;
    }

    private Pointer second() {
        Memory handle = new Memory(Native.POINTER_SIZE);
        nvml.nvmlDeviceGetHandleByIndex_v2(1, handle);
        return handle.getPointer(0);
    }

    List<NvmlCall> all() {
        return List.of(
                call(
                        "nvmlDeviceGetNvLinkState",
                        (device, out) -> nvml.nvmlDeviceGetNvLinkState(device, LINK, out),
                        same(u32("isActive", 0), 1)),
                number(
                        "nvmlDeviceGetNvLinkVersion",
                        (device, out) -> nvml.nvmlDeviceGetNvLinkVersion(device, LINK, out),
                        6),
                number(
                        "nvmlDeviceGetNvLinkRemoteDeviceType",
                        (device, out) -> nvml.nvmlDeviceGetNvLinkRemoteDeviceType(device, LINK, out),
                        1),
                call(
                        "nvmlDeviceGetNvLinkRemotePciInfo_v2",
                        (device, out) -> nvml.nvmlDeviceGetNvLinkRemotePciInfo_v2(device, LINK, out),
                        new Answer(PciInfo.BUS_ID_LEGACY, "BCDE:A7:1D.0", "BCDE:A8:1D.0"),
                        same(PciInfo.DOMAIN, 0xbcde),
                        next(PciInfo.BUS, 0xa7),
                        same(PciInfo.DEVICE, 0x1d),
                        next(PciInfo.PCI_DEVICE_ID, 0x22a310de),
                        next(PciInfo.PCI_SUB_SYSTEM_ID, 0x179610de),
                        new Answer(PciInfo.BUS_ID, "0000BCDE:A7:1D.0", "0000BCDE:A8:1D.0")),
                call(
                        "nvmlDeviceGetNvLinkErrorCounter",
                        (device, out) ->
                                nvml.nvmlDeviceGetNvLinkErrorCounter(device, LINK, NVML_NVLINK_ERROR_DL_CRC_DATA, out),
                        next(u64("counterValue"), 8_000_007_030L)),
                call(
                        "nvmlDeviceGetP2PStatus",
                        (device, out) -> nvml.nvmlDeviceGetP2PStatus(device, second(), NVML_P2P_CAPS_INDEX_NVLINK, out),
                        new Answer(u32("p2pStatus", 0), 3, 5)),
                call(
                        "nvmlDeviceGetGpuFabricInfo",
                        nvml::nvmlDeviceGetGpuFabricInfo,
                        new Answer(FabricInfoV1.CLUSTER_UUID, "abcdefghijklmno0", "abcdefghijklmno1"),
                        next(FabricInfoV1.STATUS, 71),
                        next(FabricInfoV1.CLIQUE_ID, 101),
                        next(FabricInfoV1.STATE, 2)),
                versioned(
                        "nvmlDeviceGetGpuFabricInfoV",
                        nvml::nvmlDeviceGetGpuFabricInfoV,
                        out -> FabricInfoV2.VERSION.set(out, 0x02000024),
                        same(FabricInfoV2.VERSION, 0x02000024),
                        new Answer(FabricInfoV2.CLUSTER_UUID, "cdefghijklmnopq0", "cdefghijklmnopq1"),
                        next(FabricInfoV2.STATUS, 72),
                        next(FabricInfoV2.CLIQUE_ID, 120),
                        next(FabricInfoV2.STATE, 3),
                        next(FabricInfoV2.HEALTH_MASK, 0x80004200)),
                versioned(
                        "nvmlDeviceGetGpuFabricInfoV",
                        nvml::nvmlDeviceGetGpuFabricInfoV,
                        out -> FabricInfoV3.VERSION.set(out, 0x03000028),
                        same(FabricInfoV3.VERSION, 0x03000028),
                        new Answer(FabricInfoV3.CLUSTER_UUID, "efghijklmnopqrs0", "efghijklmnopqrs1"),
                        next(FabricInfoV3.STATUS, 73),
                        next(FabricInfoV3.CLIQUE_ID, 130),
                        next(FabricInfoV3.STATE, 3),
                        next(FabricInfoV3.HEALTH_MASK, 0x80004300),
                        next(FabricInfoV3.HEALTH_SUMMARY, 1)));
    }
}
