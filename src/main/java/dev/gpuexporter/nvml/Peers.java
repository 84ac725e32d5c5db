package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_DEVICE_UUID_V2_BUFFER_SIZE;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_P2P_CAPS_INDEX_NVLINK;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlReturn.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the GPUs of a node stand to each other. A call takes two of them, and hangs where either does. */
public final class Peers {
    private final NvmlLibrary nvml;

    Peers(NvmlLibrary nvml) {
        this.nvml = nvml;
    }

    /**
     * Each ordered pair of these GPUs. One that is not under its index any more, or does not answer, is left out, and so
     * is a pair of which the driver does not say; {@code nvmlDeviceGetP2PStatus}.
     *
     * @throws NvmlException where the driver has gone
     */
    public List<PeerStatus> overNvLink(List<DeviceIdentity> gpus) throws NvmlException {
        Map<DeviceIdentity, Pointer> handles = new LinkedHashMap<>();
        for (DeviceIdentity gpu : gpus) {
            Memory handle = new Memory(Native.POINTER_SIZE);
            if (succeeds("nvmlDeviceGetHandleByIndex_v2", nvml.nvmlDeviceGetHandleByIndex_v2(gpu.index(), handle))
                    && gpu.uuid().equals(uuid(handle.getPointer(0)))) {
                handles.put(gpu, handle.getPointer(0));
            }
        }
        List<PeerStatus> known = new ArrayList<>();
        Memory status = new Memory(Integer.BYTES);
        for (DeviceIdentity gpu : handles.keySet()) {
            for (DeviceIdentity peer : handles.keySet()) {
                if (gpu != peer
                        && succeeds(
                                "nvmlDeviceGetP2PStatus",
                                nvml.nvmlDeviceGetP2PStatus(
                                        handles.get(gpu), handles.get(peer), NVML_P2P_CAPS_INDEX_NVLINK, status))) {
                    known.add(new PeerStatus(gpu, peer, Integer.toUnsignedLong(status.getInt(0))));
                }
            }
        }
        return known;
    }

    private String uuid(Pointer handle) throws NvmlException {
        Memory uuid = new Memory(NVML_DEVICE_UUID_V2_BUFFER_SIZE);
        return succeeds("nvmlDeviceGetUUID", nvml.nvmlDeviceGetUUID(handle, uuid, (int) uuid.size()))
                ? NvmlBuffer.string(uuid)
                : "";
    }

    /** A GPU's own reading says what is wrong with it. */
    private static boolean succeeds(String function, int code) throws NvmlException {
        NvmlReturn answer = NvmlReturn.of(code);
        if (answer.kind() == Kind.DRIVER_GONE) {
            throw new NvmlException(function, answer);
        }
        return answer == NvmlReturn.SUCCESS;
    }
}
