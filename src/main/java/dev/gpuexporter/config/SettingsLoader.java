package dev.gpuexporter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueType;
import dev.gpuexporter.config.DcgmSwitch.Given;
import dev.gpuexporter.config.DcgmSwitch.Translated;
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
    private static final String DCGM = "DCGM_EXPORTER_";

    /** What charts and operators call the variable with the node's name; ours is above it. */
    private static final String NODE_NAME = "NODE_NAME";

    /** What Kubernetes sets in every container of a namespace that has a service named gpu-exporter, or dcgm-exporter. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "(GPU|DCGM)_EXPORTER_(.+_)?(SERVICE_(HOST|PORT)(_.+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)=.*"
                    + "|(GPU|DCGM)_EXPORTER_(.+_)?PORT=(tcp|udp|sctp)://.*");

    private final Config reference =
            ConfigFactory.parseResources(SettingsLoader.class.getClassLoader(), "reference.conf");

    /** What was loaded, and what about it is worth a line in the log. */
    public record Loaded(Settings settings, List<String> warnings) {}

    /** Without switches of DCGM's exporter on the command line. */
    public Loaded load(Optional<Path> file, Map<String, String> environment, List<Flag> flags) {
        return load(file, environment, List.of(), flags);
    }

    /**
     * @param environment the process's own
     * @param dcgm switches of DCGM's exporter on the command line
     * @param flags values by key, each with the flag's name
     * @throws BadInputException where a key is unknown or a value cannot be meant
     */
    public Loaded load(Optional<Path> file, Map<String, String> environment, List<Given> dcgm, List<Flag> flags) {
        List<Given> variables = DcgmSwitches.in(environment);
        List<String> warnings = new ArrayList<>();
        Config merged = reference;
        merged = over(merged, dcgmDefaults(variables));
        merged = over(merged, dcgmDefaults(dcgm));
        if (file.isPresent()) {
            merged = new SettingsFile(reference).read(file.get()).withFallback(merged);
        }
        if (environment.containsKey(NODE_NAME)) {
            merged = layer("kubernetes.node-name", environment.get(NODE_NAME), NODE_NAME)
                    .withFallback(merged);
        }
        merged = over(merged, values(variables, warnings));
        merged = over(merged, own(environment, warnings));
        merged = over(merged, values(dcgm, warnings));
        merged = over(merged, flags);
        return new Loaded(Settings.from(new SettingsReader(merged)), warnings);
    }

    private Config over(Config below, List<Flag> values) {
        Config merged = below;
        for (Flag value : values) {
            merged = layer(value.key(), value.value(), value.name()).withFallback(merged);
        }
        return merged;
    }

    /** Whoever sets one of its switches has been using DCGM's exporter. */
    private static List<Flag> dcgmDefaults(List<Given> given) {
        List<Flag> defaults = new ArrayList<>();
        for (Given one : given) {
            defaults.add(new Flag(one.name(), "metrics.naming", "dcgm"));
            one.translated().defaults().forEach((key, value) -> defaults.add(new Flag(one.name(), key, value)));
        }
        return defaults;
    }

    private static List<Flag> values(List<Given> given, List<String> warnings) {
        List<Flag> values = new ArrayList<>();
        for (Given one : given) {
            Translated translated = one.translated();
            translated.values().forEach((key, value) -> values.add(new Flag(one.name(), key, value)));
            if (translated.unsupported()) {
                warnings.add(one.remark());
            }
        }
        return values;
    }

    /** What our own variables set; those of either name that nobody knows are warned of. */
    private List<Flag> own(Map<String, String> environment, List<String> warnings) {
        Map<String, String> keysByVariable =
                leafKeys(reference).collect(Collectors.toMap(SettingsLoader::variable, key -> key));
        List<Flag> values = new ArrayList<>();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (keysByVariable.containsKey(name)) {
                values.add(new Flag(name, keysByVariable.get(name), variable.getValue()));
            } else if (SERVICE_LINK.matcher(name + "=" + variable.getValue()).matches()) {
                continue;
            } else if (name.startsWith(PREFIX)) {
                warnings.add(name + ": no such setting, ignored" + meant(PREFIX, keysByVariable.keySet(), name));
            } else if (name.startsWith(DCGM) && !DcgmSwitches.variables().contains(name)) {
                warnings.add(name + ": not known as a switch of DCGM's exporter, ignored"
                        + meant(DCGM, DcgmSwitches.variables(), name));
            }
        }
        return values;
    }

    /** What all variables begin with says nothing about which was meant. */
    private static String meant(String prefix, Collection<String> variables, String written) {
        List<String> ends = variables.stream()
                .filter(variable -> variable.startsWith(prefix))
                .map(variable -> variable.substring(prefix.length()))
                .toList();
        return DidYouMean.nearest(ends, written.substring(prefix.length()))
                .map(end -> "; did you mean " + prefix + end + "?")
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
