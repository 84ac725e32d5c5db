package dev.gpuexporter.nvml;

/**
 * What a GPU is: read once, and kept when the GPU answers no more. What the driver does not say is empty.
 *
 * @param index NVML's index, which may be another after a reboot; {@code uuid} stays
 * @param minor N of {@code /dev/nvidiaN}
 * @param computeCapability CUDA's, such as 9.0
 * @param pciBusId as NVML writes it, such as 00000000:8D:00.0
 * @param pciDeviceId device and vendor, such as 0x233510DE
 * @param pciSubsystemId the same of the board
 * @param numaNode the node whose memory is near, from sysfs
 */
public record DeviceIdentity(
        int index,
        String uuid,
        String model,
        String architecture,
        String computeCapability,
        String brand,
        String serial,
        String pciBusId,
        String pciDeviceId,
        String pciSubsystemId,
        String minor,
        String vbiosVersion,
        Inforom inforom,
        String numaNode) {

    /** Versions of what is in the InfoROM: the image as a whole, and objects in it. */
    public record Inforom(String image, String oem, String ecc, String power) {
        public static final Inforom UNKNOWN = new Inforom("", "", "", "");
    }

    @Override
    public String toString() {
        return "GPU " + index + " (" + uuid + ")";
    }
}
