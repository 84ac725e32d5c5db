package dev.gpuexporter.nvml;

import static dev.gpuexporter.nvml.NvmlConstants.*;

import java.util.Map;

/** The words for NVML's enums; a number that a newer driver has is its own word. */
final class Vocabulary {
    private static final Map<Integer, String> ARCHITECTURES = Map.ofEntries(
            Map.entry(2, "Kepler"),
            Map.entry(3, "Maxwell"),
            Map.entry(4, "Pascal"),
            Map.entry(5, "Volta"),
            Map.entry(6, "Turing"),
            Map.entry(7, "Ampere"),
            Map.entry(8, "Ada"),
            Map.entry(9, "Hopper"),
            Map.entry(10, "Blackwell"),
            Map.entry(13, "Rubin"));

    private static final Map<Integer, String> BRANDS = Map.ofEntries(
            Map.entry(1, "Quadro"),
            Map.entry(2, "Tesla"),
            Map.entry(3, "NVS"),
            Map.entry(4, "GRID"),
            Map.entry(5, "GeForce"),
            Map.entry(6, "Titan"),
            Map.entry(7, "NVIDIA vApps"),
            Map.entry(8, "NVIDIA vPC"),
            Map.entry(9, "NVIDIA vCS"),
            Map.entry(10, "NVIDIA vWS"),
            Map.entry(11, "NVIDIA Cloud Gaming"),
            Map.entry(12, "Quadro RTX"),
            Map.entry(13, "NVIDIA RTX"),
            Map.entry(14, "NVIDIA"),
            Map.entry(15, "GeForce RTX"),
            Map.entry(16, "Titan RTX"));

    private static final Map<Integer, String> NVLINK_VERSIONS = Map.of(
            1, "1.0",
            2, "2.0",
            3, "2.2",
            4, "3.0",
            5, "3.1",
            6, "4.0",
            7, "5.0",
            8, "6.0");

    private static final Map<Integer, String> NVLINK_REMOTE_TYPES = Map.of(
            NVML_NVLINK_DEVICE_TYPE_GPU, "gpu",
            NVML_NVLINK_DEVICE_TYPE_IBMNPU, "npu",
            NVML_NVLINK_DEVICE_TYPE_SWITCH, "switch",
            NVML_NVLINK_DEVICE_TYPE_UNKNOWN, "unknown");

    private Vocabulary() {}

    static String architecture(int architecture) {
        return ARCHITECTURES.getOrDefault(architecture, Integer.toUnsignedString(architecture));
    }

    static String brand(int brand) {
        return word(BRANDS, brand);
    }

    static String nvLinkVersion(int version) {
        return word(NVLINK_VERSIONS, version);
    }

    static String nvLinkRemoteType(int type) {
        return word(NVLINK_REMOTE_TYPES, type);
    }

    private static String word(Map<Integer, String> words, int number) {
        String word = words.get(number);
        return word == null ? Integer.toString(number) : word;
    }
}
