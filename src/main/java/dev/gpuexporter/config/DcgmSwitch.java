package dev.gpuexporter.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A switch of DCGM's exporter, and what it means here.
 *
 * @param variable in the environment
 * @param flags on the command line; the longest says it best
 * @param takesValue whether a flag is followed by one; it may be given one by an equals sign in any case
 * @param support whether it does the same here
 * @param meaning for the documents
 */
public record DcgmSwitch(
        String variable,
        List<String> flags,
        boolean takesValue,
        Support support,
        String meaning,
        Translation translation) {
    private static final String SOCKET = "/pod-resources/kubelet.sock";
    private static final Set<String> TRUE = Set.of("1", "t", "true");
    private static final Set<String> FALSE = Set.of("0", "f", "false");

    /** What becomes of a switch. */
    public enum Support {
        /** It sets a key. */
        SET,
        /** The exporter does that in any case. */
        ALWAYS,
        /** Said at the start, and ignored. */
        MISSING
    }

    /** From a value to keys of the configuration. */
    @FunctionalInterface
    interface Translation {
        Translated of(String value);
    }

    /**
     * What a value means.
     *
     * @param values by key
     * @param defaults values that anybody's own are above
     * @param unsupported whether it asks for what there is not
     */
    record Translated(Map<String, String> values, Map<String, String> defaults, boolean unsupported) {
        static final Translated NOTHING = new Translated(Map.of(), Map.of(), false);
        static final Translated UNSUPPORTED = new Translated(Map.of(), Map.of(), true);

        static Translated to(String key, String value) {
            return new Translated(Map.of(key, value), Map.of(), false);
        }
    }

    /**
     * A switch that somebody set.
     *
     * @param name of the variable or flag
     */
    public record Given(DcgmSwitch what, String name, String value) {
        Translated translated() {
            try {
                return what.translation().of(value.strip());
            } catch (IllegalArgumentException e) {
                throw new BadInputException(name + ": \"" + SettingsReader.shortened(value) + "\" " + e.getMessage());
            }
        }

        String remark() {
            return name + " " + SettingsReader.shortened(value) + ": not supported, ignored; " + what.meaning();
        }
    }

    /** Its value, in another form, is the key's. */
    static DcgmSwitch key(String variable, String flags, String key, UnaryOperator<String> form) {
        return new DcgmSwitch(
                variable,
                words(flags),
                true,
                Support.SET,
                "`" + key + "`",
                value -> Translated.to(key, form.apply(value)));
    }

    /** On, the key has one value, off the other; where that is empty, nothing is said by it. */
    static DcgmSwitch on(String variable, String flags, String key, String on, String off) {
        String meaning = on.isEmpty() ? "`" + key + " = " + off + "`, if it is false" : "`" + key + " = " + on + "`";
        return new DcgmSwitch(variable, words(flags), false, Support.SET, meaning, value -> {
            String set = isOn(value) ? on : off;
            return set.isEmpty() ? Translated.NOTHING : Translated.to(key, set);
        });
    }

    /** Nothing has to be done for it. */
    static DcgmSwitch always(String variable, String flags, String usual, String meaning) {
        return new DcgmSwitch(
                variable, words(flags), !isTruth(usual), Support.ALWAYS, meaning, value -> Translated.NOTHING);
    }

    /** @param usual the value that asks for nothing that is missing; empty where each does */
    static DcgmSwitch missing(String variable, String flags, String usual, String meaning) {
        return new DcgmSwitch(
                variable,
                words(flags),
                !isTruth(usual),
                Support.MISSING,
                meaning,
                value -> isSame(usual, value) ? Translated.NOTHING : Translated.UNSUPPORTED);
    }

    /** DCGM's exporter has times as bare numbers. */
    static String millis(String value) {
        if (!value.matches("\\d{1,12}")) {
            throw new IllegalArgumentException("is no number of milliseconds; write 5000");
        }
        return value + "ms";
    }

    /** Patterns with commas between them, as {@code kubernetes.pod-labels} has them. */
    static String expressions(String value) {
        return Stream.of(value.split(","))
                .map(String::strip)
                .filter(expression -> !expression.isEmpty())
                .map(expression -> "/" + expression + "/")
                .collect(Collectors.joining(","));
    }

    static Translated kubeletRoot(String socket) {
        return socket.length() > SOCKET.length() && socket.endsWith(SOCKET)
                ? Translated.to("kubernetes.kubelet-root", socket.substring(0, socket.length() - SOCKET.length()))
                : Translated.UNSUPPORTED;
    }

    static Translated podLabels(String value) {
        return isOn(value)
                ? new Translated(
                        Map.of("kubernetes.pod-metadata", "on"), Map.of("kubernetes.pod-labels", "/.*/"), false)
                : Translated.NOTHING;
    }

    private static boolean isOn(String value) {
        String word = value.toLowerCase(Locale.ROOT);
        if (!TRUE.contains(word) && !FALSE.contains(word)) {
            throw new IllegalArgumentException("is neither true nor false; write true or false");
        }
        return TRUE.contains(word);
    }

    private static boolean isTruth(String usual) {
        return usual.equals("true") || usual.equals("false");
    }

    private static boolean isSame(String usual, String value) {
        return isTruth(usual) ? isOn(value) == isOn(usual) : value.equals(usual);
    }

    private static List<String> words(String flags) {
        return List.of(flags.split(" "));
    }
}
