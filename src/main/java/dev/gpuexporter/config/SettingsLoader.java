package dev.gpuexporter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lays the file over the defaults, the environment over the file, the flags on top, and checks the whole. */
public final class SettingsLoader {
    private static final String PREFIX = "GPU_EXPORTER_";

    /** What charts and operators call the variable with the node's name; ours is above it. */
    private static final String NODE_NAME = "NODE_NAME";

    /** What Kubernetes sets in every container of a namespace that has a service named gpu-exporter. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "GPU_EXPORTER_(.+_)?(SERVICE_(HOST|PORT)(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)=.*"
                    + "|GPU_EXPORTER_(.+_)?PORT=(tcp|udp|sctp)://.*");

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
            merged = new SettingsFile(reference).read(file.get()).withFallback(merged);
        }
        Map<String, String> keysByVariable =
                leafKeys(reference).collect(Collectors.toMap(SettingsLoader::variable, key -> key));
        if (environment.containsKey(NODE_NAME)) {
            merged = layer("kubernetes.node-name", environment.get(NODE_NAME), NODE_NAME)
                    .withFallback(merged);
        }
        List<String> warnings = new ArrayList<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (keysByVariable.containsKey(name)) {
                merged = layer(keysByVariable.get(name), variable.getValue(), name)
                        .withFallback(merged);
            } else if (name.startsWith(PREFIX)
                    && !SERVICE_LINK.matcher(name + "=" + variable.getValue()).matches()) {
                warnings.add(name + ": no such setting, ignored" + meant(keysByVariable.keySet(), name));
            }
        }
        for (Flag flag : flags) {
            merged = layer(flag.key(), flag.value(), flag.name()).withFallback(merged);
        }
        return new Loaded(Settings.from(new SettingsReader(merged)), warnings);
    }

    /** What all variables begin with says nothing about which was meant. */
    private static String meant(Collection<String> variables, String written) {
        List<String> ends = variables.stream()
                .map(variable -> variable.substring(PREFIX.length()))
                .toList();
        return DidYouMean.nearest(ends, written.substring(PREFIX.length()))
                .map(end -> "; did you mean " + PREFIX + end + "?")
                .orElse("");
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

    private static Stream<String> leafKeys(Config config) {
        return config.entrySet().stream().map(Map.Entry::getKey);
    }

    static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }
}
