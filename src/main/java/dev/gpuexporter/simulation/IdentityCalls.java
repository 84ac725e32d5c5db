package dev.gpuexporter.simulation;

import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlConstants;
import dev.gpuexporter.nvml.NvmlStructs.PciInfo;
import dev.gpuexporter.simulation.GpuModel.Feature;

/** Who a GPU is, and in which mode. */
interface IdentityCalls extends SystemCalls {
    int NVIDIA = 0x10DE;

    @Override
    default int nvmlDeviceGetUUID(Pointer device, Pointer uuid, int length) {
        return gate().onEither(
                        "nvmlDeviceGetUUID",
                        device,
                        gpu -> Arguments.text(uuid, length, gpu.identity().uuid()),
                        (gpu, mig) -> Arguments.text(uuid, length, mig.uuid()));
    }

    @Override
    default int nvmlDeviceGetName(Pointer device, Pointer name, int length) {
        return gate().onEither(
                        "nvmlDeviceGetName",
                        device,
                        gpu -> Arguments.text(name, length, gpu.model().name()),
                        (gpu, mig) -> Arguments.text(name, length, gpu.model().name() + " MIG " + mig.name()));
    }

    @Override
    default int nvmlDeviceGetSerial(Pointer device, Pointer serial, int length) {
        return gate().text("nvmlDeviceGetSerial", device, serial, length, gpu -> {
            gpu.model().require(Feature.SERIAL);
            return gpu.identity().serial();
        });
    }

    @Override
    default int nvmlDeviceGetVbiosVersion(Pointer device, Pointer version, int length) {
        return gate().text("nvmlDeviceGetVbiosVersion", device, version, length, gpu -> gpu.model()
                .board()
                .vbios());
    }

    @Override
    default int nvmlDeviceGetInforomImageVersion(Pointer device, Pointer version, int length) {
        return gate().text("nvmlDeviceGetInforomImageVersion", device, version, length, gpu -> gpu.model()
                .board()
                .inforomImage());
    }

    /** No model has an object for power. */
    @Override
    default int nvmlDeviceGetInforomVersion(Pointer device, int object, Pointer version, int length) {
        return gate().text("nvmlDeviceGetInforomVersion", device, version, length, gpu -> switch (object) {
            case NvmlConstants.NVML_INFOROM_OEM -> gpu.model().board().inforomOem();
            case NvmlConstants.NVML_INFOROM_ECC -> gpu.model().board().inforomEcc();
            case NvmlConstants.NVML_INFOROM_POWER -> throw Refusal.notSupported();
            default -> throw Refusal.invalidArgument();
        });
    }

    @Override
    default int nvmlDeviceGetMinorNumber(Pointer device, Pointer minorNumber) {
        return gate().u32("nvmlDeviceGetMinorNumber", device, minorNumber, SimulatedGpu::index);
    }

    @Override
    default int nvmlDeviceGetBrand(Pointer device, Pointer type) {
        return gate().u32("nvmlDeviceGetBrand", device, type, gpu -> gpu.model().brand());
    }

    @Override
    default int nvmlDeviceGetArchitecture(Pointer device, Pointer arch) {
        return gate().u32("nvmlDeviceGetArchitecture", device, arch, gpu -> gpu.model()
                .architecture());
    }

    @Override
    default int nvmlDeviceGetCudaComputeCapability(Pointer device, Pointer major, Pointer minor) {
        return gate().u32(
                        "nvmlDeviceGetCudaComputeCapability",
                        device,
                        major,
                        minor,
                        gpu -> gpu.model().computeCapability() / 10,
                        gpu -> gpu.model().computeCapability() % 10);
    }

    /** The subsystem's device half is not in any record: it is 0. */
    @Override
    default int nvmlDeviceGetPciInfo_v3(Pointer device, Pointer pci) {
        return gate().onGpu("nvmlDeviceGetPciInfo_v3", device, gpu -> {
            Arguments.present(pci);
            PciInfo.BUS_ID_LEGACY.set(pci, gpu.identity().busId(4));
            PciInfo.DOMAIN.set(pci, 0);
            PciInfo.BUS.set(pci, gpu.identity().bus());
            PciInfo.DEVICE.set(pci, 0);
            PciInfo.PCI_DEVICE_ID.set(pci, (long) gpu.model().board().pciDevice() << 16 | NVIDIA);
            PciInfo.PCI_SUB_SYSTEM_ID.set(pci, NVIDIA);
            PciInfo.BUS_ID.set(pci, gpu.identity().busId(8));
        });
    }
}
