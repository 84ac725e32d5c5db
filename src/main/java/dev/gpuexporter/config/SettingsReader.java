package dev.gpuexporter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads typed values; what cannot be read becomes one line with the value, where it stands and what would be right. */
final class SettingsReader {
    /** Before the name of a variable or flag in an origin's description. */
    static final String NOT_A_FILE = "not a file: ";

    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([a-z]*)");

    private static final Pattern NODE_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,252}");

    private final Config config;

    SettingsReader(Config config) {
        this.config = config;
    }

    ListenAddress address(String key) {
        try {
            return ListenAddress.parse(text(key).strip());
        } catch (IllegalArgumentException e) {
            String[] problemAndRemedy = e.getMessage().split("; ", 2);
            throw problem(key, problemAndRemedy[0], problemAndRemedy.length > 1 ? problemAndRemedy[1] : "");
        }
    }

    Optional<ListenAddress> optionalAddress(String key) {
        return text(key).isBlank() ? Optional.empty() : Optional.of(address(key));
    }

    Duration duration(String key, Duration least, Duration most) {
        String text = text(key).strip().toLowerCase(Locale.ROOT);
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw problem(key, quoted(text) + " is no duration", "write 5s or 500ms");
        }
        String number = matcher.group(1);
        long millis =
                switch (matcher.group(2)) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    case "m", "min" -> 60_000;
                    case "h" -> 3_600_000;
                    case "d" -> 86_400_000;
                    case "" ->
                        throw problem(key, quoted(text) + " has no unit", "write " + shortened(number) + "s or 500ms");
                    default ->
                        throw problem(
                                key,
                                quoted(matcher.group(2)) + " in " + quoted(text) + " is no unit",
                                "there are ms, s, m, h and d");
                };
        double asked = Double.parseDouble(number) * millis;
        if (asked < least.toMillis() || asked > most.toMillis()) {
            throw problem(key, shortened(text) + " is not between " + spoken(least) + " and " + spoken(most), "");
        }
        return Duration.ofMillis(Math.round(asked));
    }

    Optional<Path> path(String key) {
        String text = text(key);
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text.strip()));
        } catch (InvalidPathException e) {
            throw problem(key, quoted(text) + " is no path", "write one such as /var/lib");
        }
    }

    /** A name as Kubernetes has them: more would change the question that it is put into. */
    Optional<String> nodeName(String key) {
        String text = text(key).strip();
        if (!text.isEmpty() && !NODE_NAME.matcher(text).matches()) {
            throw problem(key, quoted(text) + " is no name of a node", "write one such as gpu-node-7");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    <E extends Enum<E>> E oneOf(String key, Class<E> type) {
        String text = text(key).strip();
        List<String> words = Stream.of(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        int found = words.indexOf(text.toLowerCase(Locale.ROOT));
        if (found < 0) {
            throw problem(key, quoted(text) + " is not known", "there are " + String.join(", ", words));
        }
        return type.getEnumConstants()[found];
    }

    /** A list of text; an item that is none has no place in what it is compared with. */
    List<String> list(String key) {
        if (!(config.getValue(key) instanceof ConfigList items)) {
            throw problem(key, quoted(shown(config.getValue(key))) + " is no list", "write [ \"…\", \"…\" ]");
        }
        for (ConfigValue item : items) {
            if (item.valueType() != ConfigValueType.STRING) {
                throw problem(key, quoted(shown(item)) + " is no text", "write [ \"…\", \"…\" ]");
            }
        }
        return config.getStringList(key);
    }

    /** A list of text; between slashes, an item is a regular expression. */
    List<String> keysAndPatterns(String key) {
        List<String> items = list(key);
        for (String item : items) {
            try {
                if (item.length() > 1 && item.startsWith("/") && item.endsWith("/")) {
                    Pattern.compile(item.substring(1, item.length() - 1));
                }
            } catch (PatternSyntaxException e) {
                throw problem(key, quoted(item) + " is no regular expression: " + e.getDescription(), "write /^team/");
            }
        }
        return items;
    }

    List<Integer> integers(String key, int least, int most) {
        if (!(config.getValue(key) instanceof ConfigList items)) {
            throw problem(key, quoted(shown(config.getValue(key))) + " is no list", "write [ 1, 2 ]");
        }
        return items.stream()
                .map(item -> integer(key, shown(item).strip(), least, most))
                .distinct()
                .toList();
    }

    /** A variable's are text. */
    private int integer(String key, String item, int least, int most) {
        int number = item.matches("\\d{1,9}") ? Integer.parseInt(item) : Integer.MIN_VALUE;
        if (number < least || number > most) {
            throw problem(key, quoted(item) + " is no whole number from " + least + " to " + most, "");
        }
        return number;
    }

    /** The keys of a section of switches that are on; {@code others} are keys there that are no switches. */
    Set<String> switchesOn(String section, Set<String> others) {
        return config.getConfig(section).root().keySet().stream()
                .filter(key -> !others.contains(key))
                .filter(key -> isOn(section + "." + key))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    boolean isOn(String key) {
        String text = text(key).strip();
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "on", "true", "yes" -> true;
            case "off", "false", "no" -> false;
            default -> throw problem(key, quoted(text) + " is neither on nor off", "write on or off");
        };
    }

    /** Sections and lists are refused where the file is read; variables and flags have neither. */
    private String text(String key) {
        return config.getValue(key).unwrapped().toString();
    }

    private static String shown(ConfigValue value) {
        return value.valueType() == ConfigValueType.OBJECT ? "{ … }" : String.valueOf(value.unwrapped());
    }

    private static String quoted(String text) {
        return "\"" + shortened(text) + "\"";
    }

    /** So much that whoever wrote it knows it again. */
    static String shortened(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }

    /** By the variable or flag that set the value, or by the key and the line of the file. */
    BadInputException problem(String key, String what, String remedy) {
        ConfigOrigin origin = config.getValue(key).origin();
        String description = origin.description();
        boolean inFile = !description.contains(NOT_A_FILE);
        String name = inFile ? key : description.substring(description.indexOf(NOT_A_FILE) + NOT_A_FILE.length());
        return new BadInputException(name + ": " + what + (inFile ? " (" + where(origin) + ")" : "")
                + (remedy.isEmpty() ? "" : "; " + remedy));
    }

    static String where(ConfigOrigin origin) {
        String file = origin.description().replaceFirst(": \\d+(-\\d+)?$", "");
        return origin.lineNumber() > 0 ? file + ": " + origin.lineNumber() : file;
    }

    private static String spoken(Duration duration) {
        if (duration.toMillis() % 1000 != 0) {
            return duration.toMillis() + "ms";
        }
        long seconds = duration.toSeconds();
        if (seconds % 3600 == 0 && seconds > 0) {
            return seconds / 3600 + "h";
        }
        return seconds + "s";
    }
}
