package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import dev.gpuexporter.nvml.DeviceIdentity.Inforom;
import dev.gpuexporter.nvml.NvmlStructs.PciInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/** Asks a GPU what it is. */
final class IdentityReader {
    private static final String NUMA_NODE_UNKNOWN = "-1";

    private final NvmlLibrary nvml;
    private final Path sysfs;

    IdentityReader(NvmlLibrary nvml, Path sysfs) {
        this.nvml = nvml;
        this.sysfs = sysfs;
    }

    /** As {@code nvmlPciInfo_t} has it; all empty where the GPU is on no bus. */
    private record Pci(String busId, String deviceId, String subsystemId) {}

    DeviceIdentity read(int index, DeviceCalls calls) throws NvmlException {
        String uuid = calls.text("nvmlDeviceGetUUID", NVML_DEVICE_UUID_V2_BUFFER_SIZE, nvml::nvmlDeviceGetUUID);
        if (uuid.isEmpty()) {
            throw new NvmlException("nvmlDeviceGetUUID", NvmlReturn.NOT_SUPPORTED);
        }
        Pci pci = pci(calls);
        return new DeviceIdentity(
                index,
                uuid,
                calls.text("nvmlDeviceGetName", NVML_DEVICE_NAME_V2_BUFFER_SIZE, nvml::nvmlDeviceGetName),
                named(
                        calls.u32("nvmlDeviceGetArchitecture", nvml::nvmlDeviceGetArchitecture),
                        Vocabulary::architecture),
                computeCapability(calls),
                named(calls.u32("nvmlDeviceGetBrand", nvml::nvmlDeviceGetBrand), Vocabulary::brand),
                kept(calls, "nvmlDeviceGetSerial", NVML_DEVICE_SERIAL_BUFFER_SIZE, nvml::nvmlDeviceGetSerial),
                pci.busId(),
                pci.deviceId(),
                pci.subsystemId(),
                named(calls.u32("nvmlDeviceGetMinorNumber", nvml::nvmlDeviceGetMinorNumber), Integer::toString),
                calls.text(
                        "nvmlDeviceGetVbiosVersion",
                        NVML_DEVICE_VBIOS_VERSION_BUFFER_SIZE,
                        nvml::nvmlDeviceGetVbiosVersion),
                inforom(calls),
                numaNode(pci.busId()));
    }

    private Pci pci(DeviceCalls calls) throws NvmlException {
        return calls.struct(
                        "nvmlDeviceGetPciInfo_v3",
                        PciInfo.LAYOUT,
                        nvml::nvmlDeviceGetPciInfo_v3,
                        out -> new Pci(
                                PciInfo.BUS_ID.string(out),
                                hexadecimal(PciInfo.PCI_DEVICE_ID.u32(out)),
                                hexadecimal(PciInfo.PCI_SUB_SYSTEM_ID.u32(out))))
                .orElse(new Pci("", "", ""));
    }

    private static String hexadecimal(long id) {
        return String.format(Locale.ROOT, "0x%08X", id);
    }

    private String computeCapability(DeviceCalls calls) throws NvmlException {
        Optional<int[]> version =
                calls.pair("nvmlDeviceGetCudaComputeCapability", nvml::nvmlDeviceGetCudaComputeCapability);
        return version.map(numbers -> numbers[0] + "." + numbers[1]).orElse("");
    }

    private Inforom inforom(DeviceCalls calls) throws NvmlException {
        return new Inforom(
                kept(
                        calls,
                        "nvmlDeviceGetInforomImageVersion",
                        NVML_DEVICE_INFOROM_VERSION_BUFFER_SIZE,
                        nvml::nvmlDeviceGetInforomImageVersion),
                inforomObject(calls, NVML_INFOROM_OEM),
                inforomObject(calls, NVML_INFOROM_ECC),
                inforomObject(calls, NVML_INFOROM_POWER));
    }

    private String inforomObject(DeviceCalls calls, int object) throws NvmlException {
        return kept(
                calls,
                "nvmlDeviceGetInforomVersion(" + object,
                NVML_DEVICE_INFOROM_VERSION_BUFFER_SIZE,
                (device, out, length) -> nvml.nvmlDeviceGetInforomVersion(device, object, out, length));
    }

    /** What is kept in the InfoROM: where that is corrupted there is none, and the GPU is there all the same. */
    private static String kept(DeviceCalls calls, String question, int length, DeviceCalls.Text call)
            throws NvmlException {
        try {
            return calls.text(question, length, call);
        } catch (NvmlException e) {
            if (e.code() == NvmlReturn.CORRUPTED_INFOROM) {
                return "";
            }
            throw e;
        }
    }

    private static String named(OptionalDouble value, IntFunction<String> name) {
        return value.isPresent() ? name.apply((int) value.getAsDouble()) : "";
    }

    /** NVML writes a domain of eight digits and capitals, sysfs one of four and small letters. */
    private String numaNode(String busId) {
        if (busId.length() < 9) {
            return "";
        }
        Path file = sysfs.resolve("bus/pci/devices")
                .resolve(busId.substring(4).toLowerCase(Locale.ROOT))
                .resolve("numa_node");
        try {
            String node = Files.readString(file).strip();
            return node.equals(NUMA_NODE_UNKNOWN) ? "" : node;
        } catch (IOException e) { // no sysfs here, or a GPU that has gone
            return "";
        }
    }
}
