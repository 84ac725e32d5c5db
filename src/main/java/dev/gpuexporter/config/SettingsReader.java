package dev.gpuexporter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads typed values; what cannot be read becomes one line with the value, where it stands and what would be right. */
final class SettingsReader {
    /** Before the name of a variable or flag in an origin's description. */
    static final String NOT_A_FILE = "not a file: ";

    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([a-z]*)");

    private final Config config;

    SettingsReader(Config config) {
        this.config = config;
    }

    ListenAddress address(String key) {
        try {
            return ListenAddress.parse(text(key));
        } catch (IllegalArgumentException e) {
            String[] problemAndRemedy = e.getMessage().split("; ", 2);
            throw problem(key, problemAndRemedy[0], problemAndRemedy.length > 1 ? problemAndRemedy[1] : "");
        }
    }

    Duration duration(String key, Duration least, Duration most) {
        String text = text(key).strip().toLowerCase(Locale.ROOT);
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw problem(key, "\"" + text + "\" is no duration", "write 5s or 500ms");
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
                        throw problem(
                                key, "\"" + text + "\" has no unit", "write " + number + "s or " + number + "00ms");
                    default ->
                        throw problem(key, "\"" + matcher.group(2) + "\" is no unit", "there are ms, s, m, h and d");
                };
        BigDecimal exact = new BigDecimal(number).multiply(BigDecimal.valueOf(millis));
        if (exact.compareTo(BigDecimal.valueOf(least.toMillis())) < 0
                || exact.compareTo(BigDecimal.valueOf(most.toMillis())) > 0) {
            throw problem(key, text + " is not between " + spoken(least) + " and " + spoken(most), "");
        }
        return Duration.ofMillis(exact.longValue());
    }

    Optional<Path> path(String key) {
        String text = text(key);
        return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
    }

    <E extends Enum<E>> E oneOf(String key, Class<E> type) {
        String text = text(key);
        List<String> words = Stream.of(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
        int found = words.indexOf(text.toLowerCase(Locale.ROOT));
        if (found < 0) {
            throw problem(key, "\"" + text + "\" is not known", "there are " + String.join(", ", words));
        }
        return type.getEnumConstants()[found];
    }

    List<String> list(String key) {
        ConfigValue value = config.getValue(key);
        if (value.valueType() != ConfigValueType.LIST) {
            throw problem(key, shown(value) + " is no list", "write [\"…\", \"…\"]");
        }
        return config.getStringList(key);
    }

    /** The keys of a section of switches that are on. */
    Set<String> switchesOn(String section) {
        return config.getConfig(section).root().keySet().stream()
                .filter(key -> isOn(section + "." + key))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private boolean isOn(String key) {
        try {
            return config.getBoolean(key);
        } catch (ConfigException.WrongType e) {
            throw problem(key, shown(config.getValue(key)) + " is neither on nor off", "write on or off");
        }
    }

    private String text(String key) {
        ConfigValue value = config.getValue(key);
        if (value.valueType() == ConfigValueType.LIST || value.valueType() == ConfigValueType.OBJECT) {
            throw problem(key, shown(value) + " is no single value", "");
        }
        return value.unwrapped().toString();
    }

    private static String shown(ConfigValue value) {
        return "\"" + value.unwrapped() + "\"";
    }

    /** By the variable or flag that set the value, or by the key and the line of the file. */
    private BadInputException problem(String key, String what, String remedy) {
        ConfigOrigin origin = config.getValue(key).origin();
        String description = origin.description();
        boolean inFile = !description.contains(NOT_A_FILE);
        String name = inFile ? key : description.substring(description.indexOf(NOT_A_FILE) + NOT_A_FILE.length());
        return new BadInputException(name + ": " + what + (inFile ? " (" + where(origin) + ")" : "")
                + (remedy.isEmpty() ? "" : "; " + remedy));
    }

    static String where(ConfigOrigin origin) {
        String file = origin.description().replaceFirst(": \\d+$", "");
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
