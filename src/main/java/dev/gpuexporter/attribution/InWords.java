package dev.gpuexporter.attribution;

import dev.gpuexporter.kubernetes.Workload;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Readings and owners as people read them; what is not known is a dash. */
final class InWords {
    private static final double GIB = 1 << 30;
    private static final String UNKNOWN = "–";

    private InWords() {}

    static String percent(OptionalDouble ratio) {
        return ratio.isPresent() ? number(ratio, 100, "%.0f %%") : UNKNOWN;
    }

    static String celsius(OptionalDouble degrees) {
        return number(degrees, 1, "%.0f °C");
    }

    static String gibibytes(OptionalDouble used, OptionalDouble total) {
        return pair(used, total, 1 / GIB, "%.1f", "GiB");
    }

    static String watts(OptionalDouble drawn, OptionalDouble limit) {
        return pair(drawn, limit, 1, "%.0f", "W");
    }

    /** {@code namespace/pod container}, or the pods that share it. */
    static String holders(boolean shared, List<Workload> workloads) {
        if (shared) {
            return String.join(
                    ", ",
                    workloads.stream()
                            .map(workload -> workload.namespace() + "/" + workload.pod())
                            .distinct()
                            .toList());
        }
        return workloads.isEmpty()
                ? ""
                : workloads.get(0).namespace() + "/" + workloads.get(0).pod() + " "
                        + workloads.get(0).container();
    }

    private static String pair(OptionalDouble part, OptionalDouble whole, double factor, String format, String unit) {
        return part.isEmpty() && whole.isEmpty()
                ? UNKNOWN
                : number(part, factor, format) + " / " + number(whole, factor, format) + " " + unit;
    }

    private static String number(OptionalDouble value, double factor, String format) {
        return value.isPresent() ? String.format(Locale.ROOT, format, value.getAsDouble() * factor) : UNKNOWN;
    }
}
