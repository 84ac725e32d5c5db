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

    // By hand: what the compiler makes for a record is put together anew at each start, and slow.

    @Override
    public boolean equals(Object other) {
        return other instanceof Field field && field.id == id && field.scope == scope;
    }

    @Override
    public int hashCode() {
        return 31 * id + scope;
    }
}
