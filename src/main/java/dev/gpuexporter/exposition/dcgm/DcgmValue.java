package dev.gpuexporter.exposition.dcgm;

import dev.gpuexporter.exposition.dcgm.DcgmField.Reading;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** How DCGM's exporter writes numbers: whole ones as they are, others with six decimals. */
final class DcgmValue {
    static final double MEBI = 1024 * 1024;

    /** Beyond these no whole number is exact in a double, nor fits into a long. */
    private static final double MOST = 0x1p63;

    private DcgmValue() {}

    /** What comes out whole but for the last bits of a division. */
    static Reading whole(double factor, Function<DcgmEntity, OptionalDouble> value) {
        return entity -> DcgmSample.of(whole(value.apply(entity), factor));
    }

    static Reading whole(Function<DcgmEntity, OptionalDouble> value) {
        return whole(1, value);
    }

    /** What is cut off, as integers are when they are divided. */
    static Reading truncated(double divisor, Function<DcgmEntity, OptionalDouble> value) {
        return entity -> DcgmSample.of(truncated(value.apply(entity), divisor));
    }

    static Reading decimal(Function<DcgmEntity, OptionalDouble> value) {
        return entity -> DcgmSample.of(decimal(value.apply(entity)));
    }

    static Optional<String> whole(OptionalDouble value, double factor) {
        return finite(value).map(number -> Long.toString(Math.round(number * factor)));
    }

    static Optional<String> truncated(OptionalDouble value, double divisor) {
        return finite(value).map(number -> Long.toString((long) (number / divisor)));
    }

    private static Optional<String> decimal(OptionalDouble value) {
        return finite(value).map(number -> String.format(Locale.ROOT, "%.6f", number));
    }

    private static Optional<Double> finite(OptionalDouble value) {
        return value.isPresent() && Math.abs(value.getAsDouble()) < MOST
                ? Optional.of(value.getAsDouble())
                : Optional.empty();
    }
}
