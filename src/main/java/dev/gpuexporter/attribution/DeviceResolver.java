package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.DeviceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** From what a device plugin calls a device to the UUID of the GPU that NVML knows. */
final class DeviceResolver {
    private final Map<String, String> byUuid = new HashMap<>();
    private final Map<String, String> byMinor = new HashMap<>();
    private final Map<Integer, String> byIndex = new HashMap<>();

    /** @param devices those that have said who they are */
    DeviceResolver(Collection<DeviceReading> devices) {
        for (DeviceReading device : devices) {
            byUuid.put(device.uuid(), device.uuid());
            byMinor.put(device.minor(), device.uuid());
            byIndex.put(device.index(), device.uuid());
        }
    }

    /** The GPU, or empty where NVML knows none by that id. */
    Optional<String> uuid(DeviceId id) {
        DeviceId whole = id.whole();
        if (whole instanceof DeviceId.Gpu gpu) {
            return Optional.ofNullable(byUuid.get(gpu.uuid()));
        }
        if (whole instanceof DeviceId.Minor minor && minor.gpuInstance().isEmpty()) {
            return Optional.ofNullable(byMinor.get(Integer.toString(minor.minor())));
        }
        if (whole instanceof DeviceId.Index index && index.migIndex().isEmpty()) {
            return Optional.ofNullable(byIndex.get(index.index()));
        }
        return Optional.empty();
    }
}
