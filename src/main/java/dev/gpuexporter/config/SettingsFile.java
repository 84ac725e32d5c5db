package dev.gpuexporter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The file that {@code --config} names: its keys are those of {@code reference.conf}, or it is refused. */
final class SettingsFile {
    private final Config reference;
    private final List<String> known;

    SettingsFile(Config reference) {
        this.reference = reference;
        this.known =
                reference.entrySet().stream().map(Map.Entry::getKey).sorted().toList();
    }

    /** @throws BadInputException where it cannot be read, is no HOCON, or has a key that there is not */
    Config read(Path file) {
        String problem = whyUnreadable(file);
        if (!problem.isEmpty()) {
            throw new BadInputException("--config " + (file.toString().isEmpty() ? "\"\"" : file) + ": " + problem
                    + "; write the path of a configuration in HOCON");
        }
        Config config = HoconFile.read(file);
        config.root().forEach((key, value) -> check("", key, value));
        return leaves(config);
    }

    /** What keeps a file from being read; empty where nothing does. */
    static String whyUnreadable(Path file) {
        if (file.toString().isEmpty() || !Files.exists(file)) {
            return "no such file";
        }
        if (Files.isDirectory(file)) {
            return "is a directory";
        }
        return Files.isReadable(file) ? "" : "this user may not read it";
    }

    /** The same values: a section that was first written as a value would hide the defaults below it. */
    private Config leaves(Config config) {
        Config leaves = ConfigFactory.empty();
        for (String key : known) {
            if (config.hasPath(key)) {
                leaves = leaves.withValue(key, config.getValue(key));
            }
        }
        return leaves;
    }

    private void check(String parent, String name, ConfigValue value) {
        String key = parent + name;
        if (name.contains(".")) {
            int dot = name.indexOf('.');
            throw refused(
                    "\"" + key + "\"",
                    "in double quotes is one name",
                    value,
                    "write " + parent + name.substring(0, dot) + " { " + name.substring(dot + 1) + " = … }");
        }
        Optional<String> child =
                known.stream().filter(path -> path.startsWith(key + ".")).findFirst();
        if (child.isPresent() && value instanceof ConfigObject section) {
            section.forEach((below, its) -> check(key + ".", below, its));
        } else if (child.isPresent()) {
            throw refused(
                    key + ":",
                    "is a section, not a value",
                    value,
                    "write " + key + " { " + child.get().substring(key.length() + 1) + " = " + example(child.get())
                            + " }");
        } else if (!known.contains(key)) {
            throw refused("unknown key", "\"" + SettingsReader.shortened(key) + "\"", value, meant(parent, name));
        } else if (reference.getValue(key).valueType() != ConfigValueType.LIST) {
            checkSingle(key, value);
        }
    }

    private void checkSingle(String key, ConfigValue value) {
        String wrong =
                switch (value.valueType()) {
                    case OBJECT -> "is a value, not a section";
                    case LIST -> "is one value, not a list";
                    case NULL -> "has no value";
                    default -> "";
                };
        if (!wrong.isEmpty()) {
            throw refused(key + ":", wrong, value, "write " + key + " = " + example(key));
        }
    }

    private static BadInputException refused(String key, String what, ConfigValue value, String remedy) {
        ConfigOrigin origin = value.origin();
        return new BadInputException(key + " " + what + " (" + SettingsReader.where(origin) + "); " + remedy);
    }

    /** A key of the same section, else one from anywhere, else all of the section's. */
    private String meant(String parent, String name) {
        List<String> siblings = known.stream()
                .filter(path -> path.startsWith(parent))
                .map(path -> path.substring(parent.length()).split("\\.")[0])
                .distinct()
                .toList();
        Stream<Optional<String>> candidates = Stream.of(
                DidYouMean.nearest(siblings, name).map(sibling -> parent + sibling),
                parent.isEmpty() ? DidYouMean.nearest(known, name) : Optional.empty(),
                known.stream().filter(path -> path.endsWith("." + name)).findFirst());
        return candidates
                .flatMap(Optional::stream)
                .findFirst()
                .map(key -> "did you mean \"" + key + "\"?")
                .orElseGet(() -> "there are " + String.join(", ", siblings));
    }

    /** The default, as it would be written; of what is empty by default, only its form. */
    private String example(String key) {
        String text = reference.getValue(key).unwrapped().toString();
        return text.isEmpty() ? "\"…\"" : text.matches("[a-z0-9]+") ? text : "\"" + text + "\"";
    }
}
