package dev.gpuexporter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lays the file over the defaults, the environment over the file, the flags on top, and checks the whole. */
public final class SettingsLoader {
    private static final String PREFIX = "GPU_EXPORTER_";

    /** What Kubernetes sets in every container of a namespace that has a service named gpu-exporter. */
    private static final Pattern SERVICE_LINK = Pattern.compile("GPU_EXPORTER_.*(SERVICE_(HOST|PORT)|PORT)(_.*)?");

    private final Config reference =
            ConfigFactory.parseResources(SettingsLoader.class.getClassLoader(), "reference.conf");

    /** What was loaded, and what about it is worth a line in the log. */
    public record Loaded(Settings settings, List<String> warnings) {}

    /**
     * @param environment the process's own
     * @param flags values by key, each with the flag's name
     * @throws BadInputException where a key is unknown or a value cannot be meant
     */
    public Loaded load(Optional<Path> file, Map<String, String> environment, List<Flag> flags) {
        Config merged = reference;
        if (file.isPresent()) {
            merged = parsed(file.get()).withFallback(merged);
        }
        Map<String, String> keysByVariable =
                leafKeys(reference).collect(Collectors.toMap(SettingsLoader::variable, key -> key));
        List<String> warnings = new ArrayList<>();
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (keysByVariable.containsKey(name)) {
                merged = layer(keysByVariable.get(name), variable.getValue(), name)
                        .withFallback(merged);
            } else if (name.startsWith(PREFIX) && !SERVICE_LINK.matcher(name).matches()) {
                warnings.add(
                        "unknown variable " + name + DidYouMean.among(keysByVariable.keySet(), name) + ", ignored");
            }
        }
        for (Flag flag : flags) {
            merged = layer(flag.key(), flag.value(), flag.name()).withFallback(merged);
        }
        return new Loaded(Settings.from(new SettingsReader(merged)), warnings);
    }

    /** A value given on the command line. */
    public record Flag(String name, String key, String value) {}

    private Config layer(String key, String value, String origin) {
        boolean isList = reference.getValue(key).valueType() == ConfigValueType.LIST;
        Object parsed = isList
                ? Stream.of(value.split(","))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .toList()
                : value;
        return ConfigFactory.parseMap(Map.of(key, parsed), SettingsReader.NOT_A_FILE + origin);
    }

    private Config parsed(Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new BadInputException("--config " + file + ": no such file, or it cannot be read");
        }
        try {
            Config config = ConfigFactory.parseFile(
                            file.toFile(),
                            ConfigParseOptions.defaults()
                                    .setOriginDescription(file.getFileName().toString()))
                    .resolve();
            Set<String> known = leafKeys(reference).collect(Collectors.toSet());
            refuseUnknown(config, known);
            return config;
        } catch (ConfigException e) {
            throw new BadInputException(where(e.origin(), file) + ": " + oneLine(e));
        }
    }

    private void refuseUnknown(Config config, Set<String> known) {
        for (Map.Entry<String, ConfigValue> entry : config.root().entrySet()) {
            refuseUnknown("", entry, known);
        }
    }

    private void refuseUnknown(String parent, Map.Entry<String, ConfigValue> entry, Set<String> known) {
        String key = parent + entry.getKey();
        boolean isSection = known.stream().anyMatch(path -> path.startsWith(key + "."));
        if (isSection && entry.getValue() instanceof com.typesafe.config.ConfigObject section) {
            section.entrySet().forEach(child -> refuseUnknown(key + ".", child, known));
        } else if (isSection) {
            throw new BadInputException(key + ": a section, not a value ("
                    + SettingsReader.where(entry.getValue().origin()) + "); write " + key + " { … }");
        } else if (!known.contains(key)) {
            Set<String> siblings = known.stream()
                    .filter(path -> path.startsWith(parent))
                    .map(path -> parent + path.substring(parent.length()).split("\\.")[0])
                    .collect(Collectors.toSet());
            throw new BadInputException("unknown key \"" + key + "\" ("
                    + SettingsReader.where(entry.getValue().origin()) + ")" + DidYouMean.among(siblings, key));
        }
    }

    private static Stream<String> leafKeys(Config config) {
        return config.entrySet().stream().map(Map.Entry::getKey);
    }

    static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    private static String where(ConfigOrigin origin, Path file) {
        return origin == null ? file.getFileName().toString() : SettingsReader.where(origin);
    }

    /** Typesafe's messages start with the origin and may run over several lines. */
    private static String oneLine(ConfigException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return message.replaceFirst("^.*?: \\d+: ", "")
                .replaceFirst("\\(if you intended.*$", "")
                .strip();
    }
}
