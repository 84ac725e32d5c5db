package dev.gpuexporter.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One mapping of a YAML file, read key by key; whatever is wrong in it is said with its file and line. */
final class YamlSection {
    private final String file;
    private final String path;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();

    private YamlSection(String file, String path, MappingNode mapping) {
        this.file = file;
        this.path = path;
        this.line = line(mapping);
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw problem(line(entry.getKeyNode()), "a key is no text", "write key: value");
            }
            if (values.put(key.getValue(), entry.getValueNode()) != null) {
                throw problem(line(key), "\"" + shown(key) + "\" stands here twice", "leave one out");
            }
            lines.put(key.getValue(), line(key));
        }
    }

    /** @throws BadInputException where this is no YAML, or nothing that has keys */
    static YamlSection parse(String file, String text) {
        try {
            Optional<Node> root = new Compose(LoadSettings.builder().build()).composeString(text);
            if (root.isPresent() && root.get() instanceof MappingNode mapping) {
                return new YamlSection(file, "", mapping);
            }
            throw new BadInputException(file + ": " + (root.isEmpty() ? "is empty" : "is no YAML with keys and values")
                    + "; write tls_server_config: or basic_auth_users:, and below it what it has");
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            throw new BadInputException(
                    file + ": " + line + ": no YAML, " + e.getProblem() + "; write key: value, indented by blanks");
        } catch (YamlEngineException e) {
            throw new BadInputException(file + ": no YAML, "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + "; write key: value");
        } catch (StackOverflowError tooDeep) { // the parser calls itself for whatever is in something else
            throw new BadInputException(
                    file + ": lists and sections are too deep in one another; write key: value, indented by blanks");
        }
    }

    /** Refuses whatever is neither known nor, by name, known to be out of our reach. */
    YamlSection allowing(Set<String> known, Map<String, String> refused) {
        for (String key : values.keySet()) {
            if (refused.containsKey(key)) {
                throw problem(key, "is not supported", refused.get(key));
            }
            if (!known.contains(key)) {
                throw problem(
                        lines.get(key),
                        "unknown key \"" + SettingsReader.shortened(path + key) + "\"",
                        DidYouMean.among(known.stream().sorted().toList(), key));
            }
        }
        return this;
    }

    Set<String> keys() {
        return values.keySet();
    }

    /** One that has nothing in it would leave open what somebody meant to close. */
    Optional<YamlSection> section(String key) {
        Node value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof MappingNode mapping && !mapping.getValue().isEmpty()) {
            return Optional.of(new YamlSection(file, path + key + ".", mapping));
        }
        throw value instanceof MappingNode || isNothing(value)
                ? problem(key, "has nothing in it", "write what it has below it, or leave it out")
                : problem(key, "is a section, not a value", "write what it has below it, a key and its value a line");
    }

    /** Empty where the key is missing, or has no value. */
    Optional<String> text(String key) {
        Node value = values.get(key);
        if (value == null || isNothing(value)) {
            return Optional.empty();
        }
        if (value instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        throw problem(key, "is one value, neither list nor section", "write " + key + ": value");
    }

    boolean isOn(String key, boolean otherwise) {
        Optional<String> text = text(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        return switch (text.get().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw problem(key, quoted(text.get()) + " is neither true nor false", "write true or false");
        };
    }

    List<String> list(String key) {
        Node value = values.get(key);
        if (value == null || isNothing(value)) {
            return List.of();
        }
        List<String> items = new ArrayList<>();
        if (value instanceof SequenceNode sequence) {
            for (Node item : sequence.getValue()) {
                if (!(item instanceof ScalarNode scalar)) {
                    throw problem(line(item), path + key + ": an item is no text", "write - text");
                }
                items.add(scalar.getValue());
            }
            return items;
        }
        throw problem(key, "is no list", "write an item a line, each after a hyphen");
    }

    BadInputException problem(String key, String what, String remedy) {
        return problem(lines.getOrDefault(key, line), path + key + ": " + what, remedy);
    }

    private BadInputException problem(int at, String what, String remedy) {
        return new BadInputException(what + " (" + file + ": " + at + "); " + remedy);
    }

    static String quoted(String text) {
        return "\"" + SettingsReader.shortened(text) + "\"";
    }

    private static String shown(ScalarNode key) {
        return SettingsReader.shortened(key.getValue());
    }

    private static boolean isNothing(Node value) {
        return value.getTag().equals(Tag.NULL);
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
}
