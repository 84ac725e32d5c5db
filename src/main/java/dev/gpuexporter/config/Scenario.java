package dev.gpuexporter.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A simulated node: its GPUs, the pods that hold them and what fails when. All times count from the simulation's start.
 *
 * @param seed the same seed gives the same run, UUIDs included
 * @param driverVersion as {@code nvmlSystemGetDriverVersion} says it, such as 580.159.03
 * @param cudaVersion the newest CUDA that the driver serves, such as 13.0
 * @param missingSymbols functions by their C names that the simulated library lacks
 * @param vgpus virtual GPUs: with any, the driver is a hypervisor's
 * @param plugin who hands the devices out
 */
public record Scenario(
        String name,
        long seed,
        String driverVersion,
        String cudaVersion,
        List<Gpu> gpus,
        List<Pod> pods,
        List<Failure> failures,
        Set<String> missingSymbols,
        List<Vgpu> vgpus,
        Plugin plugin) {
    public static final int MOST_GPUS = 64;
    public static final String DEFAULT_DRIVER_VERSION = "580.159.03";
    public static final String DEFAULT_CUDA_VERSION = "13.0";

    /** Without virtual GPUs, under NVIDIA's device plugin. */
    public Scenario(
            String name,
            long seed,
            String driverVersion,
            String cudaVersion,
            List<Gpu> gpus,
            List<Pod> pods,
            List<Failure> failures,
            Set<String> missingSymbols) {
        this(name, seed, driverVersion, cudaVersion, gpus, pods, failures, missingSymbols, List.of(), Plugin.NVIDIA);
    }

    public Scenario {
        vgpus = List.copyOf(vgpus);
        gpus = List.copyOf(gpus);
        pods = List.copyOf(pods);
        failures = List.copyOf(failures);
        missingSymbols = Set.copyOf(missingSymbols);
        int count = gpus.size();
        require(count >= 1 && count <= MOST_GPUS, "a node has 1 to " + MOST_GPUS + " GPUs");
        require(driverVersion.matches("\\d+(\\.\\d+)+"), "a driver's version is such as 580.159.03");
        require(cudaVersion.matches("\\d+\\.\\d+"), "a CUDA version is such as 13.0");
        require(
                pods.stream().flatMap(pod -> pod.devices().stream()).allMatch(device -> device.gpu() < count),
                "a pod holds a GPU that is there");
        require(
                failures.stream().allMatch(failure -> failure.gpu().orElse(0) < count),
                "a failure befalls a GPU that is there");
    }

    /** Who hands the devices out, and so what they are called. */
    public enum Plugin {
        /** NVIDIA's device plugin, with a resource for each MIG profile where there are some. */
        NVIDIA,
        /** The same, with one resource for all. */
        NVIDIA_SINGLE,
        /** GKE's, which names devices by their files. */
        GKE,
        /** NVIDIA's DRA driver: devices are claimed, and the kubelet has none to give. */
        DRA;

        /** What it calls devices of this kind, where nobody has renamed them. */
        String resource(Optional<MigLayout.Part> part) {
            return switch (this) {
                case NVIDIA -> part.map(MigLayout.Part::resource).orElse(DefaultPods.RESOURCE);
                case NVIDIA_SINGLE, GKE -> DefaultPods.RESOURCE;
                case DRA -> "gpu.nvidia.com";
            };
        }
    }

    /**
     * One GPU.
     *
     * @param model a name of the simulation's list, such as h200
     * @param replicas in how many parts the device plugin hands it out; 1 is the whole GPU to one container
     * @param powerLimitWatts the limit that an operator has set; absent: the model's default
     * @param mig how it is cut up, by time, the first from the start on; none: not in MIG mode
     */
    public record Gpu(String model, int replicas, OptionalDouble powerLimitWatts, List<MigLayout> mig) {
        public Gpu {
            Objects.requireNonNull(model);
            mig = List.copyOf(mig);
            require(replicas >= 1, "a GPU is handed out at least once");
        }

        /** Not in MIG mode. */
        public Gpu(String model, int replicas, OptionalDouble powerLimitWatts) {
            this(model, replicas, powerLimitWatts, List.of());
        }

        /** The MIG devices at a time. */
        public List<MigLayout.Part> partsAt(Duration time) {
            List<MigLayout.Part> parts = List.of();
            for (MigLayout layout : mig) {
                if (layout.from().compareTo(time) <= 0) {
                    parts = layout.parts();
                }
            }
            return parts;
        }

        /** Handed out whole, with the model's own power limit. */
        public static Gpu of(String model) {
            return new Gpu(model, 1, OptionalDouble.empty());
        }
    }

    /**
     * One container that holds GPUs.
     *
     * @param deviceIds what the kubelet reports besides, to the letter: ids of other plugins, or of nothing
     * @param load what it does to each GPU that it holds
     * @param presence when it runs
     */
    public record Pod(
            String namespace,
            String pod,
            String container,
            String resource,
            List<Device> devices,
            List<String> deviceIds,
            Load load,
            Window presence) {
        public Pod {
            devices = List.copyOf(devices);
            deviceIds = List.copyOf(deviceIds);
        }
    }

    /**
     * One virtual machine's part of a GPU.
     *
     * @param gpu by its index
     * @param licensed whether the guest has a license
     */
    public record Vgpu(int gpu, Load load, boolean licensed) {}

    /**
     * A GPU by its index, or a MIG device on it; whole or one of its replicas.
     *
     * @param mig which of the MIG devices that the GPU has when the pod starts
     */
    public record Device(int gpu, OptionalInt mig, OptionalInt replica) {
        public static Device whole(int gpu) {
            return new Device(gpu, OptionalInt.empty(), OptionalInt.empty());
        }

        public static Device replica(int gpu, int replica) {
            return new Device(gpu, OptionalInt.empty(), OptionalInt.of(replica));
        }

        public static Device mig(int gpu, int mig) {
            return new Device(gpu, OptionalInt.of(mig), OptionalInt.empty());
        }
    }

    /**
     * What a container does to a GPU.
     *
     * @param utilization of the GPU's time, 0–1, in the long run; 0 is a container that holds the GPU and does nothing
     */
    public record Load(double utilization, MemoryUse memory, Shape shape) {
        public Load {
            require(utilization >= 0 && utilization <= 1, "utilization is 0 to 1");
        }
    }

    /** How a load goes over time. */
    public enum Shape {
        /** The same all the time, as training is. */
        STEADY,
        /** Up and down over minutes, as serving is. */
        WAVES,
        /** Seconds of work between seconds of none, as batches are. */
        BURSTS,
        /** Single seconds of all that the GPU can, as requests now and then are. */
        SPIKES
    }

    /** Memory of one GPU, as bytes or as a part (0–1) of whatever the model has; the other one is 0. */
    public record MemoryUse(long bytes, double ratio) {
        public MemoryUse {
            require(
                    bytes >= 0 && ratio >= 0 && ratio <= 1 && (bytes == 0 || ratio == 0),
                    "bytes, or a ratio of 0 to 1");
        }

        public static MemoryUse ofBytes(long bytes) {
            return new MemoryUse(bytes, 0);
        }

        public static MemoryUse ofRatio(double ratio) {
            return new MemoryUse(0, ratio);
        }
    }

    /** From {@code from} until just before {@code until}; without it, for ever. */
    public record Window(Duration from, Optional<Duration> until) {
        public static final Window ALWAYS = new Window(Duration.ZERO, Optional.empty());

        public Window {
            require(!from.isNegative(), "nothing happens before the start");
            require(until.isEmpty() || until.get().compareTo(from) > 0, "a window ends after it begins");
        }

        public boolean contains(long elapsedNanos) {
            return elapsedNanos >= from.toNanos()
                    && (until.isEmpty() || elapsedNanos < until.get().toNanos());
        }
    }

    /**
     * Something that goes wrong.
     *
     * @param gpu which one, by index; absent: every one
     * @param function the one C function that fails; absent: all that the kind concerns
     * @param xid the Xid error that the driver reports as it begins
     * @param damage what it does to the GPU's memory as it begins, for kinds that do
     * @param link which NVLink of the GPU; absent: all that the kind concerns
     */
    public record Failure(
            FailureKind kind,
            OptionalInt gpu,
            Window window,
            Optional<String> function,
            OptionalInt xid,
            OptionalInt link,
            Damage damage) {
        /** Of no link in particular, and without damage. */
        public Failure(FailureKind kind, OptionalInt gpu, Window window, Optional<String> function, OptionalInt xid) {
            this(kind, gpu, window, function, xid, OptionalInt.empty(), Damage.NONE);
        }

        public Failure {
            require(link.isEmpty() || kind.ofALink(), "a failure of a link befalls links alone");
            require(kind != FailureKind.XID || xid.isPresent(), "an Xid has a number");
            require(kind != FailureKind.UNKNOWN_ERROR || function.isPresent(), "an unknown error has a function");
        }

        /** Whether it concerns this GPU. */
        public boolean hits(int index) {
            return gpu.isEmpty() || gpu.getAsInt() == index;
        }
    }

    /** The ways a driver fails, and a GPU. */
    public enum FailureKind {
        /** Every call on the GPU answers GPU_IS_LOST; the count stays. */
        LOST,
        /** The GPU's handle is refused with NO_PERMISSION, as to a container that lacks its device file. */
        NO_PERMISSION,
        /** A call on the GPU does not return before the window ends. */
        HANG,
        /** The driver is unloaded for the whole node, and later loaded again. */
        DRIVER_GONE,
        /** {@code nvmlInit_v2} answers LIB_RM_VERSION_MISMATCH. */
        VERSION_MISMATCH,
        /** One function answers UNKNOWN. */
        UNKNOWN_ERROR,
        /** Every call on the GPU answers RESET_REQUIRED. */
        RESET_REQUIRED,
        /** The GPU reports an Xid and goes on. */
        XID,
        /** Memory errors are found and corrected. */
        ECC_CORRECTED,
        /** Memory errors are found and cannot be; those in device memory cost a row, or a page, at the next reset. */
        ECC_UNCORRECTED,
        /** Rows, or pages, were given up for errors that could be corrected. */
        ROW_REMAP,
        /** A row could not be replaced. */
        ROW_REMAP_FAILED,
        /** An NVLink is down. */
        NVLINK_DOWN,
        /** Packets arrive damaged over an NVLink. */
        NVLINK_ERRORS,
        /** Packets arrive damaged over PCIe. */
        PCIE_ERRORS,
        /** The PCIe link came up with half its lanes and a generation below what it can. */
        PCIE_DEGRADED,
        /** The GPU gets hotter than it may, and slows down. */
        OVERHEATING,
        /** The board asks the GPU to draw less at once. */
        POWER_BRAKE,
        /** The device plugin takes the GPU for broken, whatever the driver says. */
        UNHEALTHY,
        /** The kubelet does not answer. */
        KUBELET_GONE;

        /** Whether it does something to memory. */
        public boolean ofMemory() {
            return this == ECC_CORRECTED || this == ECC_UNCORRECTED || this == ROW_REMAP || this == ROW_REMAP_FAILED;
        }

        /** Whether it befalls single NVLinks. */
        public boolean ofALink() {
            return this == NVLINK_DOWN || this == NVLINK_ERRORS;
        }

        /** Whether it befalls the node and not a GPU. */
        public boolean ofTheNode() {
            return this == DRIVER_GONE || this == VERSION_MISMATCH || this == KUBELET_GONE;
        }
    }

    private static void require(boolean condition, String rule) {
        if (!condition) {
            throw new IllegalArgumentException(rule);
        }
    }
}
