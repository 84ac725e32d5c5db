package dev.gpuexporter.kubernetes;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a device plugin or a DRA driver calls a device. The form of the id says what it means, since administrators may
 * rename the resource; whether such a device exists is for NVML to say.
 */
public sealed interface DeviceId {
    /** The id as the kubelet lists it; for a DRA claim, driver, pool and device with slashes between them. */
    String raw();

    /** Whether the device is handed out in shares: one container that holds it does not hold it alone. */
    default boolean shared() {
        return false;
    }

    /** The device that this is a share of; itself where there are no shares. */
    default DeviceId whole() {
        return this;
    }

    /** Whether the form alone proves an NVIDIA device, whatever the resource is called. A bare number does not. */
    default boolean provesNvidia() {
        return true;
    }

    /** Reads an id of a device plugin; every text is some id, at worst an {@link Unknown} one. */
    static DeviceId parse(String raw) {
        return DeviceIdSyntax.parse(raw);
    }

    // The first forms are those of most nodes, and compared by hand: what the compiler makes for a record is put
    // together
    // anew at each start, and slow.

    /** {@code GPU-<uuid>}, NVIDIA's device plugin: {@code uuid} is what nvmlDeviceGetUUID says, prefix included. */
    record Gpu(String uuid) implements DeviceId {
        public Gpu {
            Objects.requireNonNull(uuid, "uuid");
        }

        @Override
        public String raw() {
            return uuid;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Gpu gpu && uuid.equals(gpu.uuid);
        }

        @Override
        public int hashCode() {
            return uuid.hashCode();
        }
    }

    /** {@code MIG-<uuid>}, NVIDIA's device plugin: {@code uuid} is the MIG device's own, prefix included. */
    record Mig(String uuid) implements DeviceId {
        public Mig {
            Objects.requireNonNull(uuid, "uuid");
        }

        @Override
        public String raw() {
            return uuid;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Mig mig && uuid.equals(mig.uuid);
        }

        @Override
        public int hashCode() {
            return uuid.hashCode();
        }
    }

    /** {@code MIG-GPU-<uuid>/<gi>/<ci>}, drivers before 470: {@code gpuUuid} is the parent's, {@code GPU-} included. */
    record LegacyMig(String gpuUuid, int gpuInstance, int computeInstance) implements DeviceId {
        public LegacyMig {
            Objects.requireNonNull(gpuUuid, "gpuUuid");
        }

        @Override
        public String raw() {
            return "MIG-" + gpuUuid + "/" + gpuInstance + "/" + computeInstance;
        }
    }

    /** {@code <id>::<n>}, time-slicing and MPS: the n-th replica of a device, which may be any other form. */
    record Replica(DeviceId whole, int number) implements DeviceId {
        public Replica {
            Objects.requireNonNull(whole, "whole");
        }

        @Override
        public String raw() {
            return whole.raw() + "::" + number;
        }

        @Override
        public boolean shared() {
            return true;
        }

        @Override
        public boolean provesNvidia() {
            return whole.provesNvidia();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Replica replica && number == replica.number && whole.equals(replica.whole);
        }

        @Override
        public int hashCode() {
            return 31 * whole.hashCode() + number;
        }
    }

    /** {@code nvidia<N>[/gi<G>][/vgpu<K>]}, GKE's plugin: the number of the device file, which is not NVML's index. */
    record Minor(int minor, OptionalInt gpuInstance, OptionalInt vgpu) implements DeviceId {
        public Minor {
            Objects.requireNonNull(gpuInstance, "gpuInstance");
            Objects.requireNonNull(vgpu, "vgpu");
        }

        @Override
        public String raw() {
            StringBuilder id = new StringBuilder("nvidia").append(minor);
            gpuInstance.ifPresent(instance -> id.append("/gi").append(instance));
            vgpu.ifPresent(share -> id.append("/vgpu").append(share));
            return id.toString();
        }

        @Override
        public boolean shared() {
            return vgpu.isPresent();
        }

        @Override
        public Minor whole() {
            return shared() ? new Minor(minor, gpuInstance, OptionalInt.empty()) : this;
        }
    }

    /** {@code <N>} or {@code <N>:<M>}, other plugins: NVML's index, and the index of a MIG device on it. */
    record Index(int index, OptionalInt migIndex) implements DeviceId {
        public Index {
            Objects.requireNonNull(migIndex, "migIndex");
        }

        @Override
        public String raw() {
            return migIndex.isPresent() ? index + ":" + migIndex.getAsInt() : String.valueOf(index);
        }

        @Override
        public boolean provesNvidia() {
            return false;
        }
    }

    /**
     * A device of a DRA claim. Driver, pool and device together are its key; what the device is, its ResourceSlice says
     * with certainty and its {@link #placement} by convention.
     *
     * @param share the share of a device that several claims divide among them
     */
    record Claimed(String driver, String pool, String device, Optional<String> share) implements DeviceId {
        /** The DRA driver for GPUs and MIG devices; its sibling for compute domains hands out no GPU. */
        public static final String GPU_DRIVER = "gpu.nvidia.com";

        public Claimed {
            Objects.requireNonNull(driver, "driver");
            Objects.requireNonNull(pool, "pool");
            Objects.requireNonNull(device, "device");
            Objects.requireNonNull(share, "share");
        }

        @Override
        public String raw() {
            return driver + "/" + pool + "/" + device
                    + share.map(id -> "/" + id).orElse("");
        }

        @Override
        public boolean shared() {
            return share.isPresent();
        }

        @Override
        public Claimed whole() {
            return shared() ? new Claimed(driver, pool, device, Optional.empty()) : this;
        }

        @Override
        public boolean provesNvidia() {
            return driver.equals(GPU_DRIVER);
        }

        /** Where the device lies, read from its name; empty where NVIDIA's driver would not name one so. */
        public Optional<DraPlacement> placement() {
            return provesNvidia() ? DeviceIdSyntax.placement(device) : Optional.empty();
        }
    }

    /** Any other text: held by somebody, but nothing says what it is. */
    record Unknown(String raw) implements DeviceId {
        public Unknown {
            Objects.requireNonNull(raw, "raw");
        }

        @Override
        public boolean provesNvidia() {
            return false;
        }
    }
}
