package dev.gpuexporter.testing;

import dev.gpuexporter.nvml.DeviceIdentity;
import dev.gpuexporter.nvml.DeviceIdentity.Inforom;

/** Who a GPU is, where a test cares for little of it; the rest the driver does not say. */
public final class Identity {
    private Identity() {}

    public static DeviceIdentity of(int index, String uuid, String model, String pciBusId, String minor) {
        return new DeviceIdentity(index, uuid, model, "", "", "", "", pciBusId, "", "", minor, "", Inforom.UNKNOWN, "");
    }
}
