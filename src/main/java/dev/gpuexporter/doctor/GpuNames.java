package dev.gpuexporter.doctor;

import dev.gpuexporter.collection.DeviceReading;
import java.util.List;
import java.util.stream.Collectors;

/** GPUs as people know them. */
final class GpuNames {
    private GpuNames() {}

    /** By index and UUID. */
    static String of(DeviceReading device) {
        return device.identity().map(Object::toString).orElse("GPU " + device.index());
    }

    /** {@code all 8 GPUs} where it is all of them, else each by its index. */
    static String of(List<Integer> some, int all) {
        if (some.size() == all) {
            return switch (all) {
                case 1 -> "the GPU";
                case 2 -> "both GPUs";
                default -> "all " + all + " GPUs";
            };
        }
        return "GPU " + some.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
