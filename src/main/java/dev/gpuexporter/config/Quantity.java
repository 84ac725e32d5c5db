package dev.gpuexporter.config;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number with a unit, as people write it. */
record Quantity(double number, String unit) {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([A-Za-z%]*)");
    private static final Map<String, Double> SECONDS =
            Map.of("ms", 0.001, "s", 1.0, "m", 60.0, "min", 60.0, "h", 3600.0, "d", 86400.0);
    private static final Map<String, Double> BYTES = Map.of(
            "B", 1.0, "kB", 1e3, "KiB", 0x1p10, "MB", 1e6, "MiB", 0x1p20, "GB", 1e9, "GiB", 0x1p30, "TiB", 0x1p40);

    /** Empty where the text is no number with or without a unit. */
    static Optional<Quantity> of(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        return matcher.matches()
                ? Optional.of(new Quantity(Double.parseDouble(matcher.group(1)), matcher.group(2)))
                : Optional.empty();
    }

    boolean bare() {
        return unit.isEmpty();
    }

    Optional<Duration> duration() {
        return Optional.ofNullable(SECONDS.get(unit))
                .map(factor -> Duration.ofNanos(Math.round(1e9 * factor * number)));
    }

    Optional<Long> bytes() {
        return Optional.ofNullable(BYTES.get(unit)).map(factor -> Math.round(factor * number));
    }

    /** From percent, or a bare number, to 0–1. */
    Optional<Double> ratio() {
        double ratio = unit.equals("%") ? number / 100 : number;
        return (bare() || unit.equals("%")) && ratio <= 1 ? Optional.of(ratio) : Optional.empty();
    }

    Optional<Double> watts() {
        return unit.equals("W") ? Optional.of(number) : Optional.empty();
    }
}
