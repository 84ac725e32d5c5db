package dev.gpuexporter.nvml;

/**
 * What a GPU is: read once, and kept when the GPU answers no more. What the driver does not say is empty.
 *
 * @param index NVML's index, which may be another after a reboot; {@code uuid} stays
 * @param minor N of {@code /dev/nvidiaN}
 * @param pciBusId as NVML writes it, such as 00000000:8D:00.0
 * @param numaNode the node whose memory is near, from sysfs
 */
public record DeviceIdentity(
        int index,
        String uuid,
        String model,
        String architecture,
        String brand,
        String serial,
        String pciBusId,
        String minor,
        String vbiosVersion,
        String inforomVersion,
        String numaNode) {

    @Override
    public String toString() {
        return "GPU " + index + " (" + uuid + ")";
    }
}
