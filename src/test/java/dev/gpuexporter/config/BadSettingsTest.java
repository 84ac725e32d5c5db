package dev.gpuexporter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.config.SettingsLoader.Flag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The messages are written by hand: they are what somebody reads at night. */
class BadSettingsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kubernets.attribution = off | unknown key \"kubernets\" (exporter.conf: 2); did you mean \"kubernetes\"?",
                "Listen = \":9400\" | unknown key \"Listen\" (exporter.conf: 2); did you mean \"listen\"?",
                "poll { intervall = 5s } | unknown key \"poll.intervall\" (exporter.conf: 2); did you mean \"poll.interval\"?",
                "kubernetes.kubelet_root = /k | unknown key \"kubernetes.kubelet_root\" (exporter.conf: 2); did you mean \"kubernetes.kubelet-root\"?",
                "pollInterval = 5s | unknown key \"pollInterval\" (exporter.conf: 2); did you mean \"poll.interval\"?",
                "keep-for = 5s | unknown key \"keep-for\" (exporter.conf: 2); did you mean \"kubernetes.keep-for\"?",
                "kubernetes.colour = red | unknown key \"kubernetes.colour\" (exporter.conf: 2); there are attribution, keep-for, kubelet-root, node-name, pod-labels, pod-metadata, refresh-interval, resource-slices, resources",
                "colour = red | unknown key \"colour\" (exporter.conf: 2); there are dcgm, events, kubernetes, listen, log, metrics, nvml, poll, web",
                "listen.port = 9400 | listen: is a value, not a section (exporter.conf: 2); write listen = \"0.0.0.0:9400\"",
                "\"poll.interval\" = 5s | \"poll.interval\" in double quotes is one name (exporter.conf: 2); write poll { interval = … }",
            })
    void namesTheKeyThatThereIsNot(String line, String message) {
        assertThat(problem(line)).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "poll = 5s | poll: is a section, not a value (exporter.conf: 2); write poll { interval = 5s }",
                "metrics = off | metrics: is a section, not a value (exporter.conf: 2); write metrics { clocks = on }",
                "kubernetes = null | kubernetes: is a section, not a value (exporter.conf: 2); write kubernetes { attribution = labels }",
                "poll.interval { every = 5s } | poll.interval: is a value, not a section (exporter.conf: 2); write poll.interval = 5s",
                "listen = [ \":9400\" ] | listen: is one value, not a list (exporter.conf: 2); write listen = \"0.0.0.0:9400\"",
                "nvml.library = [ /a ] | nvml.library: is one value, not a list (exporter.conf: 2); write nvml.library = \"…\"",
                "log.level = null | log.level: has no value (exporter.conf: 2); write log.level = info",
                "kubernetes.resources = nvidia.com/gpu | kubernetes.resources: \"nvidia.com/gpu\" is no list (exporter.conf: 2); write [ \"…\", \"…\" ]",
                "kubernetes.resources { a = b } | kubernetes.resources: \"{ … }\" is no list (exporter.conf: 2); write [ \"…\", \"…\" ]",
                "kubernetes.resources = [ a, { b = c } ] | kubernetes.resources: \"{ … }\" is no text (exporter.conf: 2); write [ \"…\", \"…\" ]",
                "events.xids = 79 | events.xids: \"79\" is no list (exporter.conf: 2); write [ 1, 2 ]",
                "events.xids = [ 13, fatal ] | events.xids: \"fatal\" is no whole number from 1 to 999 (exporter.conf: 2)",
                "events.xids = [ 1000 ] | events.xids: \"1000\" is no whole number from 1 to 999 (exporter.conf: 2)",
                "events.xids = [ null ] | events.xids: \"null\" is no whole number from 1 to 999 (exporter.conf: 2)",
                "kubernetes.resources = [ null ] | kubernetes.resources: \"null\" is no text (exporter.conf: 2); write [ \"…\", \"…\" ]",
            })
    void tellsValuesListsAndSectionsApart(String line, String message) {
        assertThat(problem(line)).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "poll.interval = 5 | poll.interval: \"5\" has no unit (exporter.conf: 2); write 5s or 500ms",
                "poll.interval = 0.5 | poll.interval: \"0.5\" has no unit (exporter.conf: 2); write 0.5s or 500ms",
                "poll.interval = 5 parsecs | poll.interval: \"parsecs\" in \"5 parsecs\" is no unit (exporter.conf: 2); there are ms, s, m, h and d",
                "poll.interval = -5s | poll.interval: \"-5s\" is no duration (exporter.conf: 2); write 5s or 500ms",
                "poll.interval = soon | poll.interval: \"soon\" is no duration (exporter.conf: 2); write 5s or 500ms",
                "poll.interval = \"\" | poll.interval: \"\" is no duration (exporter.conf: 2); write 5s or 500ms",
                "poll.interval = 10ms | poll.interval: 10ms is not between 100ms and 1h (exporter.conf: 2)",
                "poll.interval = 61m | poll.interval: 61m is not between 100ms and 1h (exporter.conf: 2)",
                "poll.interval = 99999999999999999999d | poll.interval: 99999999999999999999d is not between 100ms and 1h (exporter.conf: 2)",
                "kubernetes.refresh-interval = 0s | kubernetes.refresh-interval: 0s is not between 1s and 1h (exporter.conf: 2)",
                "kubernetes.keep-for = 2d | kubernetes.keep-for: 2d is not between 0s and 24h (exporter.conf: 2)",
                "log.level = loud | log.level: \"loud\" is not known (exporter.conf: 2); there are error, warn, info, debug, trace",
                "kubernetes.attribution = false | kubernetes.attribution: \"false\" is not known (exporter.conf: 2); there are labels, info, off",
                "metrics.ecc = maybe | metrics.ecc: \"maybe\" is neither on nor off (exporter.conf: 2); write on or off",
                "metrics.ecc = 1 | metrics.ecc: \"1\" is neither on nor off (exporter.conf: 2); write on or off",
                "listen = 9400 | listen: \"9400\" is no ADDRESS:PORT (exporter.conf: 2); write 0.0.0.0:9400 or [::]:9400",
                "listen = \":94000\" | listen: port 94000 is not between 1 and 65535 (exporter.conf: 2)",
                "nvml.library = \"a\\u0000b\" | nvml.library: \"a b\" is no path (exporter.conf: 2); write one such as /var/lib",
                "kubernetes.node-name = \"a,b\" | kubernetes.node-name: \"a,b\" is no name of a node (exporter.conf: 2); write one such as gpu-node-7",
                "kubernetes.pod-metadata = on | kubernetes.pod-metadata: without the node's name, the whole cluster's would come (exporter.conf: 2); set kubernetes.node-name, or NODE_NAME from the pod's field spec.nodeName",
                "kubernetes.resource-slices = on | kubernetes.resource-slices: without the node's name, the whole cluster's would come (exporter.conf: 2); set kubernetes.node-name, or NODE_NAME from the pod's field spec.nodeName",
            })
    void saysWhichValueIsWrongWhereAndWhatWouldBeRight(String line, String message) {
        assertThat(problem(line)).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen: 0.0.0.0:9400 | exporter.conf: 2: ':' cannot stand here; put text that has more than letters, digits and hyphens in double quotes",
                "kubernetes.resources = [ nvidia.com/* ] | exporter.conf: 2: '*' cannot stand here; put text that has more than letters, digits and hyphens in double quotes",
                "listen == 5 | exporter.conf: 2: '=' cannot stand here; put text that has more than letters, digits and hyphens in double quotes",
                "poll { interval = 5s | exporter.conf: 2: a section is not closed; write } at its end",
                "poll.interval = 5s } | exporter.conf: 2: there is one } too many; every } closes a {",
                "listen = \"0.0.0.0:9400 | exporter.conf: 2: a double quote is not closed; write \" at the end of the text",
                "kubernetes.resources = [ a, b | exporter.conf: 2: a list is not closed; write ] at its end",
                "listen = ${NO_SUCH_VARIABLE_ANYWHERE} | exporter.conf: 2: ${NO_SUCH_VARIABLE_ANYWHERE} is set nowhere; write ${?…} for what may be missing",
                "listen = ${listen} | exporter.conf: 2: ${listen} refers to itself; write a value",
                "<settings/> | exporter.conf: 2: key '<settings/>' may not be followed by token: end of file; write key = value, or section { key = value }",
                "a..b = 1 | exporter.conf: 2: path has a leading, trailing, or two adjacent period '.'; write key = value, or section { key = value }",
                "include required(\"more.conf\") | more.conf: no such file, though it is included",
            })
    void saysInPlainWordsWhyAFileIsNoHocon(String line, String message) {
        assertThat(problem(line)).isEqualTo(message);
    }

    @Test
    void saysThatAFileIsAList() {
        assertThatThrownBy(() -> load(write("[ 1, 2 ]"), Map.of()))
                .hasMessage("exporter.conf: 1: the file is a list; write key = value, or section { key = value }");
    }

    @Test
    void namesTheFirstLineOfASectionThatIsWrittenTwice() {
        assertThatThrownBy(() -> load(write("", "kubernets { a = 1 }", "", "kubernets { b = 2 }"), Map.of()))
                .hasMessage("unknown key \"kubernets\" (exporter.conf: 2); did you mean \"kubernetes\"?");
    }

    @Test
    void namesTheFileThatWasIncluded() throws IOException {
        Files.writeString(directory.resolve("more.conf"), "\n\npoll.interval = 5\n");
        assertThatThrownBy(() -> load(write("include \"more.conf\""), Map.of()))
                .hasMessage("poll.interval: \"5\" has no unit (" + directory.resolve("more.conf")
                        + ": 3); write 5s or 500ms");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GPU_EXPORTER_LISTEN | 0.0.0.0:94000 | GPU_EXPORTER_LISTEN: port 94000 is not between 1 and 65535",
                "GPU_EXPORTER_POLL_INTERVAL | 5 | GPU_EXPORTER_POLL_INTERVAL: \"5\" has no unit; write 5s or 500ms",
                "GPU_EXPORTER_POLL_INTERVAL | '' | GPU_EXPORTER_POLL_INTERVAL: \"\" is no duration; write 5s or 500ms",
                "GPU_EXPORTER_METRICS_ECC | 0 | GPU_EXPORTER_METRICS_ECC: \"0\" is neither on nor off; write on or off",
                "NODE_NAME | Node 7 | NODE_NAME: \"Node 7\" is no name of a node; write one such as gpu-node-7",
                "GPU_EXPORTER_LOG_LEVEL | verbose | GPU_EXPORTER_LOG_LEVEL: \"verbose\" is not known; there are error, warn, info, debug, trace",
            })
    void namesTheVariable(String name, String value, String message) {
        assertThatThrownBy(() -> load(write(""), Map.of(name, value)))
                .isInstanceOf(BadInputException.class)
                .hasMessage(message);
    }

    @Test
    void namesTheFlag() {
        List<Flag> flags = List.of(new Flag("--listen", "listen", "localhost"));
        assertThatThrownBy(() -> new SettingsLoader().load(Optional.empty(), Map.of(), flags))
                .isInstanceOf(BadInputException.class)
                .hasMessage("--listen: \"localhost\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400");
    }

    @Test
    void blamesNoFileForWhatAVariableReplaces() {
        assertThat(new SettingsLoader()
                        .load(
                                Optional.of(write("poll.interval = 5")),
                                Map.of("GPU_EXPORTER_POLL_INTERVAL", "5s"),
                                List.of())
                        .warnings())
                .isEmpty();
    }

    @Test
    void saysWhyTheFileCannotBeRead() {
        String remedy = "; write the path of a configuration in HOCON";
        Path missing = directory.resolve("missing.conf");
        assertThatThrownBy(() -> load(missing, Map.of())).hasMessage("--config " + missing + ": no such file" + remedy);
        assertThatThrownBy(() -> load(directory, Map.of()))
                .hasMessage("--config " + directory + ": is a directory" + remedy);
        assertThatThrownBy(() -> load(Path.of(""), Map.of())).hasMessage("--config \"\": no such file" + remedy);
    }

    @Test
    void keepsToOneLineWhateverIsQuoted() {
        String line = "log.level = \"lo\\nud\\u001b[31m\\u2028\"";
        assertThat(problem(line))
                .isEqualTo("log.level: \"lo ud [31m\" is not known (exporter.conf: 2);"
                        + " there are error, warn, info, debug, trace");
    }

    @Test
    void refusesWhatIsDeeperThanAnybodyMeans() {
        assertThat(problem("poll = " + "{ a : ".repeat(50_000)))
                .isEqualTo("exporter.conf: lists and sections are too deep in one another; write key = value, or"
                        + " section { key = value }");
    }

    @Test
    void cutsWhatIsTooLongToRead() {
        assertThat(problem("log.level = " + "x".repeat(1000)))
                .isEqualTo("log.level: \"" + "x".repeat(60) + "…\" is not known (exporter.conf: 2);"
                        + " there are error, warn, info, debug, trace");
    }

    /** What a file with the line as its second is refused with. */
    private String problem(String line) {
        try {
            load(write("# the first line", line), Map.of());
            return "nothing";
        } catch (BadInputException e) {
            return e.getMessage();
        }
    }

    private static void load(Path file, Map<String, String> environment) {
        new SettingsLoader().load(Optional.of(file), environment, List.of());
    }

    private Path write(String... lines) {
        try {
            return Files.writeString(directory.resolve("exporter.conf"), String.join("\n", lines));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
