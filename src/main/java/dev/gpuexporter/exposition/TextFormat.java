package dev.gpuexporter.exposition;

/** The pieces that a page of Prometheus' text format 0.0.4 is made of, escaped as it wants them. */
public final class TextFormat {
    /** Whole numbers below this are written without an exponent, as {@link Double#toString(double)} does. */
    private static final double EXPONENT_FROM = 1e7;

    private TextFormat() {}

    /** A line of its own. */
    public static String help(String name, String help) {
        return "# HELP " + name + " " + help.replace("\\", "\\\\").replace("\n", "\\n") + "\n";
    }

    /** A line of its own; {@code type} is counter or gauge. */
    public static String type(String name, String type) {
        return "# TYPE " + name + " " + type + "\n";
    }

    /** {@code name="value"}. */
    public static String label(String name, String value) {
        return name + "=\"" + escaped(value) + "\"";
    }

    /** As it may stand between quotation marks. */
    static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
    }

    /** As the Prometheus library writes it, in Latin letters. */
    static String number(double value) {
        if (value == Double.POSITIVE_INFINITY) {
            return "+Inf";
        }
        if (value == Double.NEGATIVE_INFINITY) {
            return "-Inf";
        }
        long whole = (long) value;
        boolean plain = whole == value && whole != 0 && Math.abs(value) < EXPONENT_FROM;
        return plain ? whole + ".0" : Double.toString(value);
    }
}
