package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.testing.Eventually;
import dev.gpuexporter.testing.MainProcess;
import dev.gpuexporter.testing.Project;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node has no use for, it does not load. Each of these brought dozens of classes, or 20 ms of a start. Without
 * MIG: the simulation of it compares records. */
class LoadedClassesTest {
    private static final Pattern LOADED = Pattern.compile("\\[class,load *] (\\S+) source:");

    private static final Pattern SOME_POLLS = Pattern.compile("(?m)^gpu_exporter_polls_total [3-9]");

    private static final List<String> OF_NO_USE = List.of(
            // equals, hashCode and toString of a record, as the compiler makes them: put together anew at each start.
            "java.lang.runtime.ObjectMethods",
            // Of secrets, of which there are none.
            "javax.crypto.Mac",
            // Of a time that the status page shows.
            "java.time.format.DateTimeFormatter",
            // Of a notification through JMX, as for each collection of garbage.
            "javax.management.openmbean.CompositeDataSupport",
            "com.sun.management.internal.OperatingSystemImpl");

    @ParameterizedTest
    @ValueSource(strings = {"h200x8", "src/test/resources/scenarios/pods-time-sliced.conf"})
    void aNodeLoadsNothingThatOnlyOthersNeed(String scenario) throws Exception {
        Path log = Files.createTempFile(Project.target(), "loaded", ".classes");
        Map<String, String> environment =
                Map.of("JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + log, "GPU_EXPORTER_POLL_INTERVAL", "1s");
        try (MainProcess exporter = MainProcess.start(environment, "--simulate", scenario, "--listen", "127.0.0.1:0")) {
            URI metrics = URI.create(exporter.awaitError("ctrl-c to stop")
                            .replaceFirst("^.* (http://127\\.0\\.0\\.1:\\d+/) .*$", "$1"))
                    .resolve("metrics");
            Eventually.holds(
                    "some polls", () -> SOME_POLLS.matcher(page(metrics)).find());
        }
        Set<String> loaded = loaded(log);
        assertThat(loaded).contains("dev.gpuexporter.exposition.Exposition", "dev.gpuexporter.kubernetes.Workload");
        assertThat(OF_NO_USE.stream().filter(loaded::contains)).isEmpty();
    }

    private static String page(URI metrics) {
        return HttpClient.newHttpClient()
                .sendAsync(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .join()
                .body();
    }

    private static Set<String> loaded(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(LOADED::matcher)
                .filter(Matcher::find)
                .map(line -> line.group(1))
                .collect(Collectors.toSet());
    }
}
