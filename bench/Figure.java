package bench;

import java.util.Locale;
import java.util.Optional;

/**
 * One row of the table, on one JDK.
 *
 * @param target what it should stay below, in words; empty where nothing was promised
 * @param upper the 99th percentile, or the worst where {@code what} says so; NaN where there is one value only
 */
record Figure(String what, String target, String unit, double value, double upper) {
    private static final String MARK = "figure";

    static Figure of(String what, String target, String unit, double value) {
        return new Figure(what, target, unit, value, Double.NaN);
    }

    /** Median and 99th percentile. */
    static Figure of(String what, String target, String unit, Samples samples) {
        return new Figure(what, target, unit, samples.median(), samples.quantile(0.99));
    }

    /** The same, measured on a node of 8 GPUs with 7 MIG devices each. */
    Figure of8x7MigDevices() {
        return new Figure("8 × 7 MIG devices: " + what, target, unit, value, upper);
    }

    /** As a process that measures writes it to whoever started it. */
    void print() {
        System.out.println(String.join("\t", MARK, what, target, unit, Double.toString(value), Double.toString(upper)));
    }

    static Optional<Figure> parse(String line) {
        String[] parts = line.split("\t");
        return parts.length == 6 && parts[0].equals(MARK)
                ? Optional.of(new Figure(
                        parts[1], parts[2], parts[3], Double.parseDouble(parts[4]), Double.parseDouble(parts[5])))
                : Optional.empty();
    }

    String text() {
        return (Double.isNaN(upper) ? number(value) : number(value) + " / " + number(upper)) + " " + unit;
    }

    private static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", value);
    }
}
