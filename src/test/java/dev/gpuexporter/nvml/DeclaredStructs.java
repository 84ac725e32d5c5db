package dev.gpuexporter.nvml;

import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Stream;

/** The structs of {@link NvmlStructs}, found as they are declared: a new one is tested without being named. */
final class DeclaredStructs {
    private DeclaredStructs() {}

    static List<Struct> all() {
        return Stream.of(NvmlStructs.class.getDeclaredClasses())
                .flatMap(type -> Stream.of(type.getFields()))
                .filter(field -> field.getType() == Struct.class)
                .map(DeclaredStructs::value)
                .toList();
    }

    private static Struct value(Field field) {
        try {
            return (Struct) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
