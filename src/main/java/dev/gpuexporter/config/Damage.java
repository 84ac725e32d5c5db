package dev.gpuexporter.config;

/**
 * What happens to a GPU's memory.
 *
 * @param count errors or rows
 * @param place where the errors are; rows are in device memory
 */
public record Damage(int count, Place place) {
    public static final Damage NONE = new Damage(0, Place.DRAM);

    /** Device memory, and the units that have SRAM of their own. */
    public enum Place {
        DRAM,
        L2,
        SM,
        PCIE,
        MCU,
        OTHER
    }
}
