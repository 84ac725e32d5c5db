package dev.gpuexporter.simulation;

import static dev.gpuexporter.simulation.GpuModel.ADA;
import static dev.gpuexporter.simulation.GpuModel.AMPERE;
import static dev.gpuexporter.simulation.GpuModel.BLACKWELL;
import static dev.gpuexporter.simulation.GpuModel.BRAND_GEFORCE;
import static dev.gpuexporter.simulation.GpuModel.BRAND_NVIDIA;
import static dev.gpuexporter.simulation.GpuModel.Feature.APPLICATION_CLOCKS;
import static dev.gpuexporter.simulation.GpuModel.Feature.AVERAGED_POWER_USAGE;
import static dev.gpuexporter.simulation.GpuModel.Feature.C2C;
import static dev.gpuexporter.simulation.GpuModel.Feature.C2C_IN_USE;
import static dev.gpuexporter.simulation.GpuModel.Feature.ECC;
import static dev.gpuexporter.simulation.GpuModel.Feature.ECC_BY_LOCATION;
import static dev.gpuexporter.simulation.GpuModel.Feature.FABRIC;
import static dev.gpuexporter.simulation.GpuModel.Feature.FANS_TURN;
import static dev.gpuexporter.simulation.GpuModel.Feature.GPM;
import static dev.gpuexporter.simulation.GpuModel.Feature.MEMORY_TEMPERATURE;
import static dev.gpuexporter.simulation.GpuModel.Feature.MIG;
import static dev.gpuexporter.simulation.GpuModel.Feature.MODULE_POWER;
import static dev.gpuexporter.simulation.GpuModel.Feature.POWER_AVERAGE;
import static dev.gpuexporter.simulation.GpuModel.Feature.RACK;
import static dev.gpuexporter.simulation.GpuModel.Feature.REMAPPED_ROWS;
import static dev.gpuexporter.simulation.GpuModel.Feature.RETIRED_PAGES;
import static dev.gpuexporter.simulation.GpuModel.Feature.SERIAL;
import static dev.gpuexporter.simulation.GpuModel.Feature.SINKS_WHEN_IDLE;
import static dev.gpuexporter.simulation.GpuModel.Feature.SRAM_ECC;
import static dev.gpuexporter.simulation.GpuModel.Feature.WIDE_PCIE_COUNTERS;
import static dev.gpuexporter.simulation.GpuModel.HOPPER;
import static dev.gpuexporter.simulation.GpuModel.Range.exactly;
import static dev.gpuexporter.simulation.GpuModel.TURING;

import dev.gpuexporter.simulation.GpuModel.Board;
import dev.gpuexporter.simulation.GpuModel.Clocks;
import dev.gpuexporter.simulation.GpuModel.Feature;
import dev.gpuexporter.simulation.GpuModel.Memory;
import dev.gpuexporter.simulation.GpuModel.NvLink;
import dev.gpuexporter.simulation.GpuModel.Pcie;
import dev.gpuexporter.simulation.GpuModel.Power;
import dev.gpuexporter.simulation.GpuModel.Range;
import dev.gpuexporter.simulation.GpuModel.Thermal;
import dev.gpuexporter.simulation.GpuModel.Thresholds;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The GPUs that can be simulated, from recorded output of real cards. Where the records give a range that is no
 * {@link Range} here, the value lies within it. Nobody recorded the idle video clock of T4, L4, L40S and A100-80: they
 * have that of the A10 and of the A100-40.
 */
public final class GpuModels {
    private static final String A100_40 = "a100-40";
    private static final OptionalInt NONE = OptionalInt.empty();
    private static final OptionalInt AT_LIMIT = OptionalInt.of(0);

    private static final NvLink NVLINK_3 = new NvLink(12, 4, 25_000);
    private static final NvLink NVLINK_4 = new NvLink(18, 6, 26_562);
    private static final NvLink NVLINK_5 = new NvLink(18, 7, 53_125);

    private static final Set<Feature> SMALL_ADA = Set.of(
            APPLICATION_CLOCKS,
            ECC,
            REMAPPED_ROWS,
            SRAM_ECC,
            SERIAL,
            POWER_AVERAGE,
            AVERAGED_POWER_USAGE,
            SINKS_WHEN_IDLE);
    private static final Set<Feature> A100 =
            Set.of(MEMORY_TEMPERATURE, APPLICATION_CLOCKS, ECC, ECC_BY_LOCATION, REMAPPED_ROWS, SRAM_ECC, SERIAL, MIG);
    private static final Set<Feature> HOPPERS = Set.of(
            MEMORY_TEMPERATURE,
            APPLICATION_CLOCKS,
            ECC,
            REMAPPED_ROWS,
            SRAM_ECC,
            SERIAL,
            C2C,
            POWER_AVERAGE,
            AVERAGED_POWER_USAGE,
            MIG,
            GPM,
            FABRIC);

    private static final List<GpuModel> ALL = List.of(
            new GpuModel(
                    "t4",
                    "Tesla T4",
                    BRAND_NVIDIA,
                    TURING,
                    75,
                    new Board("90.04.84.00.06", "G183.0200.00.02", "1.1", "5.0", "900-2G183-A800-001", 0x1EB8),
                    Memory.ofMib(15360, 420, 256),
                    new Power(70, 60, 70, Range.of(9, 12), Range.of(26, 34), exactly(69)),
                    new Clocks(1590, 5001, 1470),
                    new Clocks(300, 405, 555),
                    new Thermal(Range.of(33, 43), exactly(64), Thresholds.absolute(96, 93, 85, NONE)),
                    Pcie.of(3),
                    0,
                    NvLink.NONE,
                    Set.of(APPLICATION_CLOCKS, ECC, ECC_BY_LOCATION, RETIRED_PAGES, SERIAL, SINKS_WHEN_IDLE)),
            new GpuModel(
                    "a10",
                    "NVIDIA A10",
                    BRAND_NVIDIA,
                    AMPERE,
                    86,
                    new Board("94.02.5C.00.04", "G133.0215.00.06", "2.0", "6.16", "900-2G133-0020-100", 0x2236),
                    Memory.ofMib(23028, 512, 32768).banks(192),
                    Power.of(150, 100, 150, Range.of(9, 23), exactly(150)),
                    new Clocks(1695, 6251, 1575),
                    new Clocks(225, 405, 555),
                    new Thermal(Range.of(28, 33), Range.of(45, 76), Thresholds.absolute(101, 98, 91, NONE)),
                    Pcie.of(4),
                    1,
                    NvLink.NONE,
                    Set.of(
                            APPLICATION_CLOCKS,
                            ECC,
                            ECC_BY_LOCATION,
                            REMAPPED_ROWS,
                            SERIAL,
                            POWER_AVERAGE,
                            AVERAGED_POWER_USAGE,
                            SINKS_WHEN_IDLE)),
            new GpuModel(
                    "a100",
                    "NVIDIA A100-SXM4-40GB",
                    BRAND_NVIDIA,
                    AMPERE,
                    80,
                    new Board("92.00.45.00.03", "G506.0200.00.04", "2.0", "6.16", "692-2G506-0200-003", 0x20B0),
                    Memory.ofMib(40960, 560, 65536).banks(640),
                    Power.of(400, 100, 400, Range.of(50, 67), exactly(400)),
                    new Clocks(1410, 1215, 1290),
                    new Clocks(210, 1215, 585),
                    new Thermal(exactly(33), exactly(70), Thresholds.absolute(92, 89, 85, OptionalInt.of(95))),
                    Pcie.of(4),
                    0,
                    NVLINK_3,
                    A100),
            new GpuModel(
                    "a100-80",
                    "NVIDIA A100-SXM4-80GB",
                    BRAND_NVIDIA,
                    AMPERE,
                    80,
                    new Board("92.00.36.00.02", "G506.0212.00.01", "2.0", "6.16", "692-2G506-0212-002", 0x20B2),
                    Memory.ofMib(81920, 869, 131072).banks(640),
                    Power.of(400, 100, 400, exactly(67), exactly(400)),
                    new Clocks(1410, 1593, 1290),
                    new Clocks(210, 1593, 585),
                    new Thermal(exactly(27), exactly(73), Thresholds.absolute(92, 89, 85, OptionalInt.of(95))),
                    Pcie.of(4),
                    0,
                    NVLINK_3,
                    A100),
            new GpuModel(
                    "l4",
                    "NVIDIA L4",
                    BRAND_NVIDIA,
                    ADA,
                    89,
                    new Board("95.04.29.00.06", "G193.0200.00.01", "2.1", "6.16", "900-2G193-0000-001", 0x27B8),
                    Memory.ofMib(23034, 434, 32768).banks(96),
                    new Power(72, 40, 72, Range.of(14, 17), exactly(27), exactly(71)),
                    new Clocks(2040, 6251, 1770),
                    new Clocks(210, 405, 555),
                    new Thermal(Range.of(32, 45), Range.of(58, 76), Thresholds.offsets(84, -5, -2, 0, NONE)),
                    Pcie.of(4),
                    0,
                    NvLink.NONE,
                    with(SMALL_ADA, ECC_BY_LOCATION)),
            new GpuModel(
                    "l40s",
                    "NVIDIA L40S",
                    BRAND_NVIDIA,
                    ADA,
                    89,
                    new Board("95.02.66.00.02", "G133.0242.00.03", "2.1", "6.16", "900-2G133-0080-000", 0x26B9),
                    Memory.ofMib(46068, 609, 65536).banks(192),
                    Power.of(350, 100, 350, Range.of(37, 66), exactly(350)),
                    new Clocks(2520, 9001, 1965),
                    new Clocks(210, 405, 555),
                    new Thermal(exactly(29), exactly(63), Thresholds.offsets(88, -5, -2, 0, NONE)),
                    Pcie.of(4),
                    0,
                    NvLink.NONE,
                    SMALL_ADA),
            new GpuModel(
                    "h100",
                    "NVIDIA H100 80GB HBM3",
                    BRAND_NVIDIA,
                    HOPPER,
                    90,
                    new Board("96.00.99.00.01", "G520.0200.00.05", "2.1", "7.16", "692-2G520-0200-000", 0x2330),
                    Memory.ofMib(81559, 551, 131072).banks(2560),
                    Power.of(700, 200, 700, Range.of(67, 72), exactly(632)),
                    new Clocks(1980, 2619, 1545),
                    new Clocks(345, 2619, 765),
                    new Thermal(Range.of(29, 42), exactly(59), Thresholds.offsets(87, -8, -2, 0, AT_LIMIT)),
                    Pcie.of(5),
                    0,
                    NVLINK_4,
                    HOPPERS),
            new GpuModel(
                    "h200",
                    "NVIDIA H200",
                    BRAND_NVIDIA,
                    HOPPER,
                    90,
                    new Board("96.00.A5.00.03", "G520.0280.02.02", "2.1", "7.16", "695-2G520-0280-001", 0x2335),
                    Memory.ofMib(143771, 614, 262144).banks(3072),
                    Power.of(700, 200, 700, exactly(78), exactly(627)),
                    new Clocks(1980, 3201, 1545),
                    new Clocks(345, 3201, 765),
                    new Thermal(exactly(28), exactly(52), Thresholds.offsets(87, -8, -2, 0, AT_LIMIT)),
                    Pcie.of(5),
                    0,
                    NVLINK_4,
                    with(HOPPERS, WIDE_PCIE_COUNTERS)),
            new GpuModel(
                    "b200",
                    "NVIDIA B200",
                    BRAND_NVIDIA,
                    BLACKWELL,
                    100,
                    new Board("97.00.FA.00.09", "G525.0220.00.03", "2.1", "7.16", "692-2G525-0220-500", 0x2901),
                    Memory.ofMib(183359, 735, 262144).banks(3840),
                    Power.of(1000, 200, 1000, Range.of(136, 206), exactly(1000)),
                    new Clocks(1965, 3996, 1965),
                    new Clocks(120, 3996, 600),
                    new Thermal(Range.of(23, 53), Range.of(60, 70), Thresholds.offsets(88, -5, -3, 0, AT_LIMIT)),
                    Pcie.of(5),
                    0,
                    NVLINK_5,
                    with(HOPPERS, ECC_BY_LOCATION, WIDE_PCIE_COUNTERS)),
            new GpuModel(
                    "gb200",
                    "NVIDIA GB200",
                    BRAND_NVIDIA,
                    BLACKWELL,
                    100,
                    new Board("97.00.B9.00.69", "G548.0201.00.06", "2.1", "7.16", "900-2G548-A801-000", 0x2941),
                    Memory.ofMib(189471, 742, 262144).banks(3968),
                    Power.of(1200, 200, 1200, Range.of(149, 181), exactly(1200)),
                    new Clocks(2062, 3996, 1890),
                    new Clocks(120, 3996, 600),
                    new Thermal(Range.of(26, 38), exactly(60), Thresholds.offsets(87, -5, -2, 0, AT_LIMIT)),
                    Pcie.of(5),
                    0,
                    NVLINK_5,
                    with(HOPPERS, ECC_BY_LOCATION, MODULE_POWER, WIDE_PCIE_COUNTERS, C2C_IN_USE, RACK)),
            new GpuModel(
                    "rtx4090",
                    "NVIDIA GeForce RTX 4090",
                    BRAND_GEFORCE,
                    ADA,
                    89,
                    new Board("95.02.3C.00.02", "G002.0000.00.03", "2.0", "6.16", "", 0x2684),
                    Memory.ofMib(24564, 346, 256).banks(192),
                    Power.of(450, 150, 450, Range.of(8, 17), Range.of(386, 427)),
                    new Clocks(3105, 10501, 2415),
                    new Clocks(210, 405, 1185),
                    new Thermal(Range.of(24, 35), Range.of(57, 64), Thresholds.offsets(83, -7, -2, 0, NONE)),
                    new Pcie(4, 16, 1),
                    2,
                    NvLink.NONE,
                    Set.of(FANS_TURN, REMAPPED_ROWS, POWER_AVERAGE, AVERAGED_POWER_USAGE, SINKS_WHEN_IDLE)));

    private GpuModels() {}

    /** The names people may write; a100 alone is the one with 40 GB. */
    public static List<String> names() {
        return ALL.stream()
                .flatMap(model -> model.id().equals("a100") ? Stream.of("a100", A100_40) : Stream.of(model.id()))
                .toList();
    }

    static GpuModel byId(String id) {
        String canonical = id.equals(A100_40) ? "a100" : id;
        return ALL.stream()
                .filter(model -> model.id().equals(canonical))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no GPU model " + id));
    }

    private static Set<Feature> with(Set<Feature> features, Feature... more) {
        return Stream.concat(features.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }
}
