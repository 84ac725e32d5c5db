package dev.gpuexporter.simulation;

import java.util.OptionalInt;
import java.util.Set;

/**
 * What sets one kind of GPU apart, as NVML tells it.
 *
 * @param id the name people write, such as h200
 * @param name as {@code nvmlDeviceGetName} says it
 * @param brand an {@code nvmlBrandType_t}
 * @param architecture an {@code nvmlDeviceArchitecture_t}
 * @param computeCapability ten times CUDA's: 90 for 9.0
 * @param fans how many answer; none: fans are not supported
 * @param nvLink the links between GPUs; none: not supported
 */
record GpuModel(
        String id,
        String name,
        int brand,
        int architecture,
        int computeCapability,
        Board board,
        Memory memory,
        Power power,
        Clocks maxClocks,
        Clocks idleClocks,
        Thermal thermal,
        Pcie pcie,
        int fans,
        NvLink nvLink,
        Set<Feature> features) {

    static final int BRAND_GEFORCE = 5;
    static final int BRAND_NVIDIA = 14;
    static final int TURING = 6;
    static final int AMPERE = 7;
    static final int ADA = 8;
    static final int HOPPER = 9;
    static final int BLACKWELL = 10;

    private static final long MIB = 1L << 20;

    GpuModel {
        features = Set.copyOf(features);
    }

    boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** Says NOT_SUPPORTED for a model that lacks the feature. */
    void require(Feature feature) throws Refusal {
        if (!has(feature)) {
            throw Refusal.notSupported();
        }
    }

    /** What some models answer and others do not. */
    enum Feature {
        MEMORY_TEMPERATURE,
        /** Clocks that applications are to run at. */
        APPLICATION_CLOCKS,
        ECC,
        /** Counters of register file, L1, L2 and texture memory apart. */
        ECC_BY_LOCATION,
        RETIRED_PAGES,
        REMAPPED_ROWS,
        /** Errors in SRAM, those found by parity and those found by a code apart. */
        SRAM_ECC,
        SERIAL,
        /** Tells whether it is joined to a processor chip to chip. */
        C2C,
        /** Is joined to one. */
        C2C_IN_USE,
        /** Is built into racks, and knows where in one it is. */
        RACK,
        /** {@code NVML_FI_DEV_POWER_AVERAGE}. */
        POWER_AVERAGE,
        /** Counters of PCIe bytes with 64 bits; the others wrap at 32. */
        WIDE_PCIE_COUNTERS,
        /** Joins a fabric of NVSwitches. */
        FABRIC,
        /** Power of the whole module, processor included. */
        MODULE_POWER,
        /** Power usage is the mean of a second, not of an instant. */
        AVERAGED_POWER_USAGE,
        MIG,
        /** GPU performance monitoring. */
        GPM,
        /** Has fans of its own that turn; the A10 answers, and says 0. */
        FANS_TURN,
        /** Sinks to P8 when idle and computes in P2; the others stay in P0. */
        SINKS_WHEN_IDLE
    }

    /** What is written on the board; {@code pciDevice} is the device half of the PCI id. */
    record Board(String vbios, String inforomImage, String inforomOem, String inforomEcc, String part, int pciDevice) {}

    /**
     * Sizes, bytes.
     *
     * @param remapperBanks how many have spare rows; none before Ampere
     */
    record Memory(long totalBytes, long reservedBytes, long bar1Bytes, int remapperBanks) {
        static Memory ofMib(long total, long reserved, long bar1) {
            return new Memory(total * MIB, reserved * MIB, bar1 * MIB, 0);
        }

        Memory banks(int number) {
            return new Memory(totalBytes, reservedBytes, bar1Bytes, number);
        }
    }

    /**
     * Watts.
     *
     * @param idle with nothing to do, in the lowest state the model sinks to
     * @param awake with nothing to do while a process holds the GPU; the same where the model makes no difference
     * @param load with every unit busy
     */
    record Power(int defaultLimit, int minLimit, int maxLimit, Range idle, Range awake, Range load) {
        static Power of(int defaultLimit, int minLimit, int maxLimit, Range idle, Range load) {
            return new Power(defaultLimit, minLimit, maxLimit, idle, idle, load);
        }

        boolean isMoreWhenAwake() {
            return awake.low() > idle.low();
        }
    }

    /** Megahertz; the SM clock is the graphics clock. */
    record Clocks(int graphics, int memory, int video) {}

    /** Temperatures, °C. */
    record Thermal(Range idle, Range load, Thresholds thresholds) {}

    /**
     * Where a GPU guards itself: as absolute °C, or as offsets to a limit of its own that lies at {@code limit} °C.
     *
     * @param limit absent where the thresholds are absolute; such a model tells no margin either
     * @param memoryMax absent where the model has none
     */
    record Thresholds(OptionalInt limit, int shutdown, int slowdown, int gpuMax, OptionalInt memoryMax) {
        int slowdownCelsius() {
            return limit.isPresent() ? limit.getAsInt() - slowdown : slowdown;
        }

        static Thresholds absolute(int shutdown, int slowdown, int gpuMax, OptionalInt memoryMax) {
            return new Thresholds(OptionalInt.empty(), shutdown, slowdown, gpuMax, memoryMax);
        }

        static Thresholds offsets(int limit, int shutdown, int slowdown, int gpuMax, OptionalInt memoryMax) {
            return new Thresholds(OptionalInt.of(limit), shutdown, slowdown, gpuMax, memoryMax);
        }
    }

    /** The link; {@code idleGeneration} is what it falls to when idle. */
    record Pcie(int generation, int width, int idleGeneration) {
        static Pcie of(int generation) {
            return new Pcie(generation, 16, generation);
        }
    }

    /**
     * The links between GPUs.
     *
     * @param version an {@code NVML_NVLINK_VERSION_…}
     * @param megabytesPerSecond of one link, each way
     */
    record NvLink(int links, int version, int megabytesPerSecond) {
        static final NvLink NONE = new NvLink(0, 0, 0);

        private static final int VERSION_5 = 7;

        /** Counts bytes, not KiB, and other kinds of errors. */
        boolean hasCountersOfVersion5() {
            return version >= VERSION_5;
        }
    }

    /** What different cards of a model were seen with; a card has one place in it. */
    record Range(double low, double high) {
        static Range of(double low, double high) {
            return new Range(low, high);
        }

        static Range exactly(double value) {
            return new Range(value, value);
        }

        /** Between low (0) and high (1). */
        double at(double place) {
            return low + (high - low) * place;
        }
    }
}
