package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlConstants;
import dev.gpuexporter.nvml.NvmlStructs.PciInfo;

/** NVLinks, each of which leads to an NVSwitch. */
interface NvLinkCalls extends SystemCalls {
    int SWITCHES = 4;
    int FIRST_SWITCH_BUS = 0xC4;
    int SWITCH_DEVICE = 0x22A310DE;

    @Override
    default int nvmlDeviceGetNvLinkState(Pointer device, int link, Pointer isActive) {
        return gate().u32(
                        "nvmlDeviceGetNvLinkState",
                        device,
                        isActive,
                        gpu -> link(gpu, link).up() ? 1 : 0);
    }

    @Override
    default int nvmlDeviceGetNvLinkVersion(Pointer device, int link, Pointer version) {
        return gate().u32("nvmlDeviceGetNvLinkVersion", device, version, gpu -> {
            link(gpu, link);
            return gpu.model().nvLink().version();
        });
    }

    @Override
    default int nvmlDeviceGetNvLinkRemoteDeviceType(Pointer device, int link, Pointer nvLinkDeviceType) {
        return gate().u32("nvmlDeviceGetNvLinkRemoteDeviceType", device, nvLinkDeviceType, gpu -> {
            link(gpu, link);
            return NvmlConstants.NVML_NVLINK_DEVICE_TYPE_SWITCH;
        });
    }

    /** Where switches sit is not in any record. */
    @Override
    default int nvmlDeviceGetNvLinkRemotePciInfo_v2(Pointer device, int link, Pointer pci) {
        return gate().onGpu("nvmlDeviceGetNvLinkRemotePciInfo_v2", device, gpu -> {
            Arguments.present(pci);
            link(gpu, link);
            int bus = FIRST_SWITCH_BUS + link % SWITCHES;
            PciInfo.BUS_ID_LEGACY.set(pci, "0000:%02X:00.0".formatted(bus));
            PciInfo.DOMAIN.set(pci, 0);
            PciInfo.BUS.set(pci, bus);
            PciInfo.DEVICE.set(pci, 0);
            PciInfo.PCI_DEVICE_ID.set(pci, SWITCH_DEVICE);
            PciInfo.PCI_SUB_SYSTEM_ID.set(pci, 0);
            PciInfo.BUS_ID.set(pci, "00000000:%02X:00.0".formatted(bus));
        });
    }

    @Override
    default int nvmlDeviceGetNvLinkErrorCounter(Pointer device, int link, int counter, Pointer counterValue) {
        return gate().u64("nvmlDeviceGetNvLinkErrorCounter", device, counterValue, gpu -> {
            NvLinkState state = link(gpu, link);
            if (gpu.model().nvLink().hasCountersOfVersion5()) {
                throw Refusal.notSupported();
            }
            return switch (counter) {
                case NvmlConstants.NVML_NVLINK_ERROR_DL_REPLAY -> NvLinkFields.replays(state);
                case NvmlConstants.NVML_NVLINK_ERROR_DL_RECOVERY -> state.recoveries();
                case NvmlConstants.NVML_NVLINK_ERROR_DL_CRC_FLIT -> state.damaged() - state.damaged() / 4;
                case NvmlConstants.NVML_NVLINK_ERROR_DL_CRC_DATA -> state.damaged() / 4;
                case NvmlConstants.NVML_NVLINK_ERROR_DL_ECC_DATA -> state.damaged() / 5;
                default -> throw Refusal.invalidArgument();
            };
        });
    }

    /** Over the switches every GPU reaches every other, as long as both have a link that is up. */
    @Override
    default int nvmlDeviceGetP2PStatus(Pointer device1, Pointer device2, int p2pIndex, Pointer p2pStatus) {
        return gate().u32("nvmlDeviceGetP2PStatus", device1, p2pStatus, one -> {
            SimulatedGpu other = gate().gpu("nvmlDeviceGetP2PStatus", device2);
            if (p2pIndex != NvmlConstants.NVML_P2P_CAPS_INDEX_NVLINK) {
                throw Refusal.notSupported();
            }
            return hasPeers(one) && hasPeers(other)
                    ? NvmlConstants.NVML_P2P_STATUS_OK
                    : NvmlConstants.NVML_P2P_STATUS_NOT_SUPPORTED;
        });
    }

    private static boolean hasPeers(SimulatedGpu gpu) {
        return !gpu.mig().enabled() && gpu.state().counters().nvLinks().stream().anyMatch(NvLinkState::up);
    }

    private static NvLinkState link(SimulatedGpu gpu, int link) throws Refusal {
        if (gpu.model().nvLink().links() == 0) {
            throw Refusal.notSupported();
        }
        if (link < 0 || link >= gpu.model().nvLink().links()) {
            throw Refusal.invalidArgument();
        }
        return gpu.state().counters().nvLinks().get(link);
    }
}
