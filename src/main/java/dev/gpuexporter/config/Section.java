package dev.gpuexporter.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** One object of a file, read key by key; whatever is wrong in it is said with its file and line. */
final class Section {
    private final String path;
    private final ConfigObject object;
    private final List<String> known;

    /** @param path where the object is in the file, such as {@code pods[0]}; empty for the whole of it */
    Section(String path, ConfigObject object, String... known) {
        this.path = path;
        this.object = object;
        this.known = List.of(known);
        object.forEach((key, value) -> {
            if (!this.known.contains(key)) {
                throw new BadInputException("%sunknown key \"%s\"%s; %s"
                        .formatted(prefix(), key, where(value.origin()), DidYouMean.among(this.known, key)));
            }
        });
    }

    /** One value of the section, with the words to complain about it. */
    record Entry(String path, ConfigValue value) {
        String text() {
            return String.valueOf(value.unwrapped());
        }

        BadInputException wrong(String what, String right) {
            return new BadInputException(path + ": " + what + where(value.origin()) + "; " + right);
        }

        Quantity quantity(String example) {
            if (isList() || value.valueType() == ConfigValueType.OBJECT) {
                throw wrong("is no number with a unit", "write " + example);
            }
            return Quantity.of(text()).orElseThrow(() -> unlike(example));
        }

        /** Neither this nor that unit: the text is not what the key wants. */
        BadInputException unlike(String example) {
            boolean bare = Quantity.of(text()).filter(Quantity::bare).isPresent();
            return wrong('"' + text() + '"' + (bare ? " has no unit" : " is not understood"), "write " + example);
        }

        boolean isList() {
            return value.valueType() == ConfigValueType.LIST;
        }

        int integer(int low, int high) {
            if (!(value.unwrapped() instanceof Number number) || number.doubleValue() % 1 != 0) {
                throw wrong('"' + text() + "\" is no whole number", "write one from " + low + " to " + high);
            }
            if (number.doubleValue() < low || number.doubleValue() > high) {
                throw wrong(text() + " is not between " + low + " and " + high, "write a number that is");
            }
            return number.intValue();
        }

        boolean bool() {
            return switch (text()) {
                case "true", "on", "yes" -> true;
                case "false", "off", "no" -> false;
                default -> throw wrong('"' + text() + "\" is neither yes nor no", "write yes or no");
            };
        }

        String string() {
            if (value.valueType() == ConfigValueType.STRING && !text().isBlank()) {
                return text();
            }
            throw wrong("is no text", "write a word, or anything in double quotes");
        }

        Section section(String... known) {
            if (value instanceof ConfigObject object) {
                return new Section(path, object, known);
            }
            throw wrong("is no object", "write { key = value, … }");
        }

        List<Entry> elements() {
            if (value instanceof ConfigList list) {
                return IntStream.range(0, list.size())
                        .mapToObj(i -> new Entry(path + "[" + i + "]", list.get(i)))
                        .toList();
            }
            throw wrong("is no list", "write [ … ]");
        }
    }

    Optional<Entry> entry(String key) {
        ConfigValue value = object.get(key);
        if (value == null || value.valueType() == ConfigValueType.NULL) {
            return Optional.empty();
        }
        return Optional.of(new Entry(prefixed(key), value));
    }

    Entry required(String key, String example) {
        return entry(key).orElseThrow(() -> missing(key, example));
    }

    BadInputException missing(String key, String example) {
        return new BadInputException(
                "%s is missing%s; write %s = %s".formatted(prefixed(key), where(object.origin()), key, example));
    }

    <T> T get(String key, Function<Entry, T> reading, T otherwise) {
        return entry(key).map(reading).orElse(otherwise);
    }

    /** The elements of a list, none where the key is absent. */
    List<Entry> elements(String key) {
        return get(key, Entry::elements, List.of());
    }

    private String prefix() {
        return path.isEmpty() ? "" : path + ": ";
    }

    private String prefixed(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** " (file: line)", as far as the origin knows them. */
    static String where(ConfigOrigin origin) {
        return " (" + SettingsReader.where(origin) + ")";
    }
}
