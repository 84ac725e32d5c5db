package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.NVML_DEVICE_NAME_V2_BUFFER_SIZE;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_DEVICE_UUID_V2_BUFFER_SIZE;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gpuexporter.nvml.NvmlStructs.DeviceAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The MIG devices of one GPU, found again in every poll. Somebody may reconfigure them at any moment, and NVML gives a
 * handle of one that is gone to the next: so a handle is trusted for as long as the UUID and the name that it answers
 * stay what they were. The UUID alone would not do: it is a name-based one (version 5), and where a GPU instance is
 * made anew in another's place, with another profile, nobody promises that it differs.
 */
public final class MigDevices {
    private static final String HANDLE = "nvmlDeviceGetMigDeviceHandleByIndex";

    /** Each is looked for in each poll, however many a driver says there may be; GPUs of today are cut into 7. */
    private static final int MOST = 64;

    private final NvmlLibrary nvml;
    private final DeviceCalls parent;
    private final Gpm gpm;
    private final NvmlBuffer buffer = new NvmlBuffer(NVML_DEVICE_UUID_V2_BUFFER_SIZE);
    private final Map<String, MigDevice> known = new HashMap<>();

    MigDevices(NvmlLibrary nvml, DeviceCalls parent, Gpm gpm) {
        this.nvml = nvml;
        this.parent = parent;
        this.gpm = gpm;
    }

    /**
     * What a poll found.
     *
     * @param devices by NVML's index
     * @param failures why others, if there are any, are missing
     */
    public record Found(List<MigDevice> devices, List<NvmlException> failures) {}

    /** A MIG device as it was met: where, and who it said it is. */
    private record Met(int index, Pointer handle, String uuid, String name) {}

    /**
     * Looks for them; once a poll.
     *
     * @param enabled whether the GPU is in MIG mode; where it is not, nothing is called
     * @throws NvmlException where the GPU, or the driver, answers no more
     */
    public Found find(boolean enabled) throws NvmlException {
        List<MigDevice> devices = new ArrayList<>();
        List<NvmlException> failures = new ArrayList<>();
        int most = enabled
                ? (int) Math.min(
                        MOST,
                        parent.u32("nvmlDeviceGetMaxMigDeviceCount", nvml::nvmlDeviceGetMaxMigDeviceCount)
                                .orElse(0))
                : 0;
        for (int index = 0; index < most; index++) {
            try {
                device(index).ifPresent(devices::add);
            } catch (NvmlException e) {
                switch (e.kind()) {
                    case GPU_LOST, DRIVER_GONE, VERSION_MISMATCH -> throw e;
                    case TRANSIENT, DENIED -> failures.add(e);
                    default -> {} // no device under this index, or one that has just gone
                }
            }
        }
        forgetAllBut(devices);
        appointSpeakers(devices);
        return new Found(devices, failures);
    }

    private Optional<MigDevice> device(int index) throws NvmlException {
        Met met = meet(index);
        MigDevice device = known.get(met.uuid());
        if (device == null || !device.identity().profile().equals(MigIdentity.profile(met.name()))) {
            Optional<MigDevice> read = read(met);
            read.ifPresent(other -> replace(known.put(met.uuid(), other)));
            return read;
        }
        device.beginPoll(met.handle(), index);
        return Optional.of(device);
    }

    private Met meet(int index) throws NvmlException {
        Memory out = buffer.cleared(8);
        DeviceCalls.check(HANDLE, nvml.nvmlDeviceGetMigDeviceHandleByIndex(parent.handle(), index, out));
        Pointer handle = out.getPointer(0);
        return new Met(index, handle, uuid(handle), name(handle));
    }

    /** Reads who it is; empty where it became another meanwhile: the next poll will see which. */
    private Optional<MigDevice> read(Met met) throws NvmlException {
        DeviceCalls calls = new DeviceCalls(met.handle());
        OptionalDouble gpuInstance = calls.u32("nvmlDeviceGetGpuInstanceId", nvml::nvmlDeviceGetGpuInstanceId);
        OptionalDouble computeInstance =
                calls.u32("nvmlDeviceGetComputeInstanceId", nvml::nvmlDeviceGetComputeInstanceId);
        Optional<MigAttributes> attributes = calls.struct(
                "nvmlDeviceGetAttributes_v2",
                DeviceAttributes.LAYOUT,
                nvml::nvmlDeviceGetAttributes_v2,
                MigAttributes::of);
        boolean same =
                uuid(met.handle()).equals(met.uuid()) && name(met.handle()).equals(met.name());
        if (!same || gpuInstance.isEmpty() || computeInstance.isEmpty()) {
            return Optional.empty();
        }
        MigIdentity identity = new MigIdentity(
                met.index(), met.uuid(), MigIdentity.profile(met.name()), (int) gpuInstance.getAsDouble(), (int)
                        computeInstance.getAsDouble());
        return Optional.of(new MigDevice(nvml, calls, identity, attributes, gpm.ofGpuInstance(identity.gpuInstance())));
    }

    /**
     * Whether the device's handle is its own still: if not, what was read through it since it was found may be
     * another's. One that is not is read anew when it is met again.
     */
    public boolean isStill(MigDevice device) throws NvmlException {
        try {
            if (uuid(device.handle()).equals(device.identity().uuid())) {
                return true;
            }
        } catch (NvmlException e) {
            switch (e.kind()) {
                case GPU_LOST, DRIVER_GONE, VERSION_MISMATCH -> throw e;
                default -> {} // it has gone, as good as
            }
        }
        forget(device);
        return false;
    }

    /** Reads the device anew when it is met again. */
    public void forget(MigDevice device) {
        replace(known.remove(device.identity().uuid()));
    }

    void forgetUnsupported() {
        known.values().forEach(MigDevice::forgetUnsupported);
    }

    /** Gives back what NVML holds for them; for a thread that may call NVML. */
    void release() {
        known.values().forEach(MigDevices::replace);
        known.clear();
    }

    private void forgetAllBut(List<MigDevice> devices) {
        known.values().removeIf(device -> {
            boolean gone = !devices.contains(device);
            if (gone) {
                replace(device);
            }
            return gone;
        });
    }

    private static void replace(MigDevice old) {
        if (old != null) {
            old.profiler().release();
        }
    }

    private static void appointSpeakers(List<MigDevice> devices) {
        Map<Integer, MigDevice> first = new HashMap<>();
        for (MigDevice device : devices) {
            first.merge(
                    device.identity().gpuInstance(),
                    device,
                    (one, other) ->
                            one.identity().computeInstance() <= other.identity().computeInstance() ? one : other);
        }
        devices.forEach(device -> device.speaksForGpuInstance(first.containsValue(device)));
    }

    private String uuid(Pointer handle) throws NvmlException {
        Memory out = buffer.cleared(NVML_DEVICE_UUID_V2_BUFFER_SIZE);
        DeviceCalls.check("nvmlDeviceGetUUID", nvml.nvmlDeviceGetUUID(handle, out, NVML_DEVICE_UUID_V2_BUFFER_SIZE));
        return NvmlBuffer.string(out);
    }

    private String name(Pointer handle) throws NvmlException {
        Memory out = buffer.cleared(NVML_DEVICE_NAME_V2_BUFFER_SIZE);
        DeviceCalls.check("nvmlDeviceGetName", nvml.nvmlDeviceGetName(handle, out, NVML_DEVICE_NAME_V2_BUFFER_SIZE));
        return NvmlBuffer.string(out);
    }
}
