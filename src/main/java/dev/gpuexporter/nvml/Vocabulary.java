package dev.gpuexporter.nvml;

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

    private Vocabulary() {}

    static String architecture(int architecture) {
        return ARCHITECTURES.getOrDefault(architecture, Integer.toUnsignedString(architecture));
    }

    static String brand(int brand) {
        return BRANDS.getOrDefault(brand, Integer.toString(brand));
    }
}
