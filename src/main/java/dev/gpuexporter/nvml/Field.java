package dev.gpuexporter.nvml;

/**
 * One value that {@code nvmlDeviceGetFieldValues} knows.
 *
 * @param id an {@code NVML_FI_…} of {@link NvmlConstants}
 * @param scope the link, for values a link, or 0
 */
public record Field(int id, int scope) {
    public static Field of(int id) {
        return new Field(id, 0);
    }
}
