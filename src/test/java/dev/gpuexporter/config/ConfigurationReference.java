package dev.gpuexporter.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code reference.conf} as a document: {@code docs/configuration.md}. */
public final class ConfigurationReference {
    private static final String HEAD = """
            # Configuration

            Written from `src/main/resources/reference.conf`; a test holds it to that.

            Nothing has to be set. What is set counts in this order: flags, then the environment, then the file that
            `--config` names, then the defaults below. A value that cannot be meant ends the program with exit code 2
            and a line that says where it stands; so does an unknown key of the file. An unknown variable that begins
            with `GPU_EXPORTER_` is a warning.

            The file is [HOCON](https://github.com/lightbend/config/blob/main/HOCON.md), of which JSON is a part:

                listen = "0.0.0.0:9500"
                poll.interval = 10s
                kubernetes {
                  attribution = info
                  resources = [ "nvidia.com/gpu", "nvidia.com/mig-*" ]
                }

            Durations carry a unit: `ms`, `s`, `m`, `h` or `d`. A list in a variable has commas between its items:
            `GPU_EXPORTER_KUBERNETES_RESOURCES=nvidia.com/gpu,nvidia.com/mig-*`. A group of metrics that is off is not
            read at all.

            | key | default | variable, flag | meaning |
            |---|---|---|---|
            """;

    private ConfigurationReference() {}

    public static String markdown() {
        Config reference = ConfigFactory.parseResources("reference.conf");
        return reference.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().origin().lineNumber()))
                .map(ConfigurationReference::row)
                .collect(Collectors.joining("", HEAD, ""));
    }

    /** The comment's last line names the variable, and the flag where there is one. */
    private static String row(Map.Entry<String, ConfigValue> entry) {
        List<String> comments = comments(entry.getValue());
        List<String> sentences = comments.subList(0, comments.size() - 1);
        return "| `%s` | %s | %s | %s |%n"
                .formatted(
                        entry.getKey(),
                        written(entry.getValue()),
                        code(comments.get(comments.size() - 1)),
                        String.join(" ", sentences).replace("*", "\\*"))
                .replace(System.lineSeparator(), "\n");
    }

    private static String written(ConfigValue value) {
        String text = value.unwrapped() instanceof String string ? string : value.render(ConfigRenderOptions.concise());
        return text.isEmpty() || text.equals("[]") ? "" : "`" + text + "`";
    }

    private static String code(String names) {
        return List.of(names.split(", ")).stream().collect(Collectors.joining("`, `", "`", "`"));
    }

    private static List<String> comments(ConfigValue value) {
        return value.origin().comments().stream().map(String::strip).toList();
    }
}
