package dev.gpuexporter.attribution;

import dev.gpuexporter.collection.DeviceReading;
import dev.gpuexporter.kubernetes.DeviceId;
import dev.gpuexporter.kubernetes.DraDevice;
import dev.gpuexporter.kubernetes.DraDevices;
import dev.gpuexporter.kubernetes.DraPlacement;
import dev.gpuexporter.metrics.MigPart;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** From what a device plugin calls a device to the UUID of the GPU, or of the MIG devices, that NVML knows. */
final class DeviceResolver {
    private final Map<String, DeviceReading> byUuid = new HashMap<>();
    private final Map<String, DeviceReading> byMinor = new HashMap<>();
    private final Map<Integer, DeviceReading> byIndex = new HashMap<>();
    private final Map<String, String> gpuByMigUuid = new HashMap<>();

    private final DraDevices claimable;

    /**
     * @param devices those that have said who they are; a later one has the minor number and index of an earlier one
     * @param claimable what DRA's devices are, where somebody says
     */
    DeviceResolver(Collection<DeviceReading> devices, DraDevices claimable) {
        this.claimable = claimable;
        for (DeviceReading device : devices) {
            byUuid.put(device.uuid(), device);
            byMinor.put(device.minor(), device);
            byIndex.put(device.index(), device);
            device.mig().forEach(mig -> gpuByMigUuid.put(mig.uuid(), device.uuid()));
        }
    }

    /**
     * The GPU, or the MIG device; all MIG devices of a GPU instance, where the plugin names that; none where NVML knows
     * none by that id.
     */
    List<String> uuids(DeviceId id) {
        DeviceId whole = id.whole();
        if (whole instanceof DeviceId.Gpu gpu) {
            return gpu(byUuid.get(gpu.uuid()));
        }
        if (whole instanceof DeviceId.Mig mig) {
            return gpuByMigUuid.containsKey(mig.uuid()) ? List.of(mig.uuid()) : List.of();
        }
        if (whole instanceof DeviceId.LegacyMig mig) {
            return legacy(mig);
        }
        if (whole instanceof DeviceId.Minor minor) {
            DeviceReading gpu = byMinor.get(Integer.toString(minor.minor()));
            return minor.gpuInstance().isEmpty()
                    ? gpu(gpu)
                    : parts(gpu, mig -> mig.gpuInstance() == minor.gpuInstance().getAsInt());
        }
        if (whole instanceof DeviceId.Index index) {
            DeviceReading gpu = byIndex.get(index.index());
            return index.migIndex().isEmpty()
                    ? gpu(gpu)
                    : parts(gpu, mig -> mig.index() == index.migIndex().getAsInt());
        }
        return whole instanceof DeviceId.Claimed claimed ? claimed(claimed) : List.of();
    }

    /** Its ResourceSlice says what it is; a slice that is older than the driver's start may name what is no more. */
    private List<String> claimed(DeviceId.Claimed id) {
        return claimable
                .device(id)
                .map(DraDevice::uuid)
                .filter(uuid -> byUuid.containsKey(uuid) || gpuByMigUuid.containsKey(uuid))
                .map(List::of)
                .orElseGet(() -> id.placement().map(this::placed).orElse(List.of()));
    }

    /** The GPU that this is, or is a part of. */
    Optional<String> gpuUuid(DeviceId id) {
        List<String> uuids = uuids(id);
        return uuids.isEmpty() ? Optional.empty() : Optional.of(gpuByMigUuid.getOrDefault(uuids.get(0), uuids.get(0)));
    }

    /** Drivers that old also have NVML say such a UUID; newer ones understand it where they are asked for a device. */
    private List<String> legacy(DeviceId.LegacyMig id) {
        return gpuByMigUuid.containsKey(id.raw())
                ? List.of(id.raw())
                : parts(
                        byUuid.get(id.gpuUuid()),
                        mig -> mig.gpuInstance() == id.gpuInstance() && mig.computeInstance() == id.computeInstance());
    }

    private List<String> placed(DraPlacement placement) {
        DeviceReading gpu = byMinor.get(Integer.toString(placement.minor()));
        return placement
                .mig()
                .map(part -> parts(gpu, mig -> MigPlacement.of(mig).fits(part)))
                .orElseGet(() -> gpu(gpu));
    }

    private static List<String> gpu(DeviceReading gpu) {
        return gpu == null ? List.of() : List.of(gpu.uuid());
    }

    private static List<String> parts(DeviceReading gpu, Predicate<MigPart> choice) {
        return Stream.ofNullable(gpu)
                .flatMap(device -> device.mig().stream())
                .filter(choice)
                .map(MigPart::uuid)
                .toList();
    }
}
