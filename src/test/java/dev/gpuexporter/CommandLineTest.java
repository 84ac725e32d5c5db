package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpuexporter.metrics.GpuMetric;
import dev.gpuexporter.metrics.MetricCatalog;
import dev.gpuexporter.metrics.MetricReference;
import dev.gpuexporter.simulation.GpuModels;
import dev.gpuexporter.testing.Project;
import dev.gpuexporter.testing.Said;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @TempDir
    private Path directory;

    @AfterEach
    void logAsBefore() {
        LogConfigurator.reset();
    }

    @Test
    void helpSaysWhatThereIs() {
        Said help = run("--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.errors()).isEmpty();
        assertThat(help.output())
                .startsWith("Usage: gpu-exporter ")
                .contains("--config=FILE", "--simulate=SCENARIO", "--listen=ADDRESS:PORT")
                .containsPattern("(?m)^  serve ")
                .containsPattern("(?m)^  print ")
                .containsPattern("(?m)^  doctor ")
                .containsPattern("(?m)^  healthy ")
                .containsPattern("(?m)^  metrics ")
                .contains("Exit codes: 0 done, 1 something failed, 2 what was asked for cannot be meant.");
    }

    @Test
    void helpNamesEveryModelThatCanBeSimulated() {
        String help = run("print", "--help").output().replaceAll("\\s+", " ");
        assertThat(help).contains("Models to simulate: " + String.join(", ", GpuModels.names()) + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "print", "doctor", "healthy", "metrics"})
    void everyCommandHasHelp(String command) {
        Said help = run(command, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.output()).startsWith("Usage: gpu-exporter " + command);
        assertThat(help.outputLines()).allMatch(line -> line.length() <= 80);
    }

    @Test
    void versionIsOneLine() {
        Said version = run("--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.output()).matches("gpu-exporter \\d+\\.\\d+\\.\\d+\\S*( \\(\\w+\\))?, Java [\\d.]+.*\\R");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prnt | \"prnt\" is no option or command of gpu-exporter; did you mean print?",
                "serve --simlate t4 | \"--simlate\" is no option or command of gpu-exporter serve; did you mean --simulate?",
                "--colour=red | \"--colour\" is no option or command of gpu-exporter; gpu-exporter --help lists what there is",
                "print --listen :1 | \"--listen\" is no option or command of gpu-exporter print; gpu-exporter print --help lists what there is",
                "--listen | --listen needs ADDRESS:PORT after it; gpu-exporter --help lists what there is",
                "--config | --config needs FILE after it; gpu-exporter --help lists what there is",
                "--listen --config x.conf | --listen needs ADDRESS:PORT after it; gpu-exporter --help lists what there is",
                "serve extra | \"extra\" is no option or command of gpu-exporter serve; gpu-exporter serve --help lists what there is",
                "--list :1 | \"--list\" is no option or command of gpu-exporter; did you mean --listen?",
                "-k=true print | --kubernetes does nothing before print; write it after",
                "--listen :1 --listen :2 | --listen is given twice; once is enough",
                "--simulate t4 print | --simulate does nothing before print; write it after",
                "--listen 127.0.0.1:0 serve | --listen does nothing before serve; write it after",
                "print --format xml | --format xml: no such format; there are table, prometheus, json",
                "doctor --format xml | --format xml: no such format; there are text, json",
                "doctr | \"doctr\" is no option or command of gpu-exporter; did you mean doctor?",
                "metrics --format json | --format json: no such format; there are table, markdown",
                "--listen 127.0.0.1:99999 | --listen: port 99999 is not between 1 and 65535",
                "serve --listen localhost | --listen: \"localhost\" is no ADDRESS:PORT; write 0.0.0.0:9400 or [::]:9400",
                "--config /no/such.conf | --config /no/such.conf: no such file; write the path of a configuration in HOCON",
                "--simulate h200x0 | --simulate h200x0: 0 GPUs; a node has 1 to 64",
                "print --simulate ./no.conf | --simulate ./no.conf: no such file; write a file's path, or a model such as h200x8",
            })
    void tellsInALineWhatCannotBeMeant(String arguments, String problem) {
        Said said = run(arguments.split(" "));
        assertThat(said.errorLines()).containsExactly("gpu-exporter: " + problem);
        assertThat(said.exitCode()).isEqualTo(2);
        assertThat(said.output()).isEmpty();
    }

    @Test
    void tellsWhichModelsThereAre() {
        Said said = run("--simulate", "h300");
        assertThat(said.errorLines())
                .containsExactly("gpu-exporter: --simulate h300: no such model; there are "
                        + String.join(", ", GpuModels.names()));
        assertThat(said.exitCode()).isEqualTo(2);
    }

    /** NODE_NAME is not set where the tests run. */
    @Test
    void refusesToAskForThePodsOfTheWholeCluster() throws IOException {
        Path file = Files.writeString(directory.resolve("exporter.conf"), "kubernetes.pod-metadata = on\n");
        Said said = run("--simulate", "t4", "--config", file.toString());
        assertThat(said.errorLines())
                .containsExactly("gpu-exporter: kubernetes.pod-metadata: without the node's name, the whole cluster's"
                        + " would come (exporter.conf: 1); set kubernetes.node-name, or NODE_NAME from the pod's field"
                        + " spec.nodeName");
        assertThat(said.exitCode()).isEqualTo(2);
    }

    @Test
    void tellsTheLineOfABadConfiguration() throws IOException {
        Path file = Files.writeString(directory.resolve("exporter.conf"), "\n\npoll.interval = 5\n");
        Said said = run("print", "--config", file.toString());
        assertThat(said.errorLines())
                .containsExactly(
                        "gpu-exporter: poll.interval: \"5\" has no unit (exporter.conf: 3); write 5s or 500ms");
        assertThat(said.exitCode()).isEqualTo(2);
    }

    @Test
    void tellsThatAPortIsTakenAndLeavesNoThreadBehind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            List<Thread> before = threadsThatKeepTheProcess();
            Said said = run("--simulate", "t4", "--listen", address);
            assertThat(said.errorLines().get(said.errorLines().size() - 1))
                    .isEqualTo("gpu-exporter: listen: " + address + ": Address already in use");
            assertThat(said.exitCode()).isEqualTo(1);
            for (Thread left : threadsThatKeepTheProcess()) {
                if (!before.contains(left)) {
                    left.join(10_000);
                    assertThat(left.isAlive()).as(left.getName()).isFalse();
                }
            }
        }
    }

    private static List<Thread> threadsThatKeepTheProcess() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon())
                .toList();
    }

    @Test
    void printsTheNodeAtAGlance() {
        Said said = run("print", "--simulate", "h200x8");
        assertThat(said.exitCode()).isZero();
        assertThat(said.errors()).isEmpty();
        List<String> lines = said.outputLines();
        assertThat(lines).hasSize(9);
        assertThat(lines.get(0)).matches("GPU  MODEL        UTIL +MEMORY +TEMP +POWER  HEALTH    WORKLOAD");
        String load = " +\\d+ %  +\\d+\\.\\d / 140\\.4 GiB  +\\d+ °C  +\\d+ / 700 W  ";
        assertThat(lines.get(1)).matches("0    NVIDIA H200 " + load + "ok        research/train-0 main");
        assertThat(lines.get(2)).matches("1    NVIDIA H200 " + load + "idle      research/notebook-7 jupyter");
        assertThat(lines.get(3)).matches("2    NVIDIA H200 " + load + "shared 3  dev/test, prod/llm-a, prod/llm-b");
        assertThat(lines.get(8)).matches("7    NVIDIA H200 " + load + "idle");
        int health = lines.get(0).indexOf("HEALTH");
        assertThat(lines).allMatch(line -> line.charAt(health - 1) == ' ' && line.charAt(health) != ' ');
    }

    @Test
    void printsMigDevicesBelowTheirGpu() throws IOException {
        String mig = Project.directory()
                .resolve("src/test/resources/scenarios/mig-h100.conf")
                .toString();
        List<String> lines = run("print", "--simulate", mig).outputLines();
        assertThat(lines).hasSize(1 + 3 + 5);
        assertThat(lines.get(2)).matches("0:0  MIG 1g\\.10gb +– +8\\.0 / 9\\.8 GiB +prod/llm-a server");
        assertThat(lines.get(3)).matches("0:1  MIG 2g\\.20gb +– +0\\.0 / 19\\.6 GiB");
        assertThat(lines.get(7)).matches("2:0  MIG 4g\\.40gb +– +6\\.0 / 39\\.5 GiB +shared 2  dev/test-0, dev/test-1");
        JsonNode gpus = new ObjectMapper()
                .readTree(run("print", "--simulate", mig, "--format", "json").output())
                .path("gpus");
        assertThat(gpus.get(0).path("mig")).hasSize(3);
        assertThat(gpus.at("/0/mig/2/mig_profile").asText()).isEqualTo("3g.40gb");
        assertThat(gpus.at("/0/mig/2/workloads/0/pod").asText()).isEqualTo("llm-b");
        assertThat(gpus.at("/1/mig")).isEmpty();
    }

    @Test
    void printsWhyAGpuIsLost() {
        Said said = run("print", "--simulate", scenario("{ kind = lost, gpu = 1, from = 0s }"));
        assertThat(said.exitCode()).isZero();
        assertThat(said.outputLines()).hasSize(3);
        assertThat(said.outputLines().get(1)).startsWith("0    Tesla T4").contains("  ok");
        assertThat(said.outputLines().get(2)).matches("1  +– +– +– +–  lost +.*GPU_IS_LOST.*");
    }

    @Test
    void failsWhereNoGpuAnswers() {
        Said said = run(
                "print",
                "--simulate",
                scenario("{ kind = lost, gpu = 0, from = 0s }, { kind = lost, gpu = 1, from = 0s }"));
        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.outputLines()).hasSize(3);
        assertThat(said.errorLines()).last().isEqualTo("gpu-exporter: no GPU answers");
    }

    @Test
    void printsWhatPrometheusWouldScrape() {
        Said said = run("print", "--simulate", "t4", "--format", "prometheus");
        assertThat(said.exitCode()).isZero();
        assertThat(said.errors()).isEmpty();
        assertThat(said.outputLines())
                .contains("# TYPE gpu_power_draw_watts gauge", "gpu_exporter_simulated 1.0", "gpu_exporter_nvml_up 1.0")
                .anyMatch(line -> line.matches("gpu_up\\{gpu=\"0\",uuid=\"GPU-[0-9a-f-]{36}\"} 1\\.0"));
    }

    @Test
    void printsJson() throws IOException {
        Said said = run("print", "--simulate", "h200x2", "--format", "JSON");
        assertThat(said.exitCode()).isZero();
        JsonNode node = new ObjectMapper().readTree(said.output());
        assertThat(node.path("nvml_up").asBoolean()).isTrue();
        assertThat(node.path("gpus")).hasSize(2);
        JsonNode gpu = node.path("gpus").get(0);
        assertThat(gpu.path("model").asText()).isEqualTo("NVIDIA H200");
        assertThat(gpu.path("health").asText()).isEqualTo("ok");
        assertThat(gpu.at("/workloads/0/pod").asText()).isEqualTo("train-0");
        assertThat(gpu.path("readings"))
                .anyMatch(reading -> reading.path("name").asText().equals("gpu_power_draw_watts")
                        && reading.path("value").asDouble() > 0);
    }

    @Test
    void listsEveryMetric() {
        Said said = run("metrics");
        assertThat(said.exitCode()).isZero();
        assertThat(said.outputLines()).hasSize(MetricCatalog.all().size() + 1);
        assertThat(said.outputLines().get(0)).matches("METRIC +TYPE +GROUP +MEANING");
        assertThat(MetricCatalog.all()).extracting(GpuMetric::name).allMatch(name -> said.outputLines().stream()
                .anyMatch(line -> line.matches(name + "[ {].*")));
    }

    @Test
    void writesTheReferenceOfMetrics() {
        Said said = run("metrics", "--format", "markdown");
        assertThat(said.exitCode()).isZero();
        assertThat(said.output()).isEqualTo(MetricReference.markdown(MetricCatalog.all()));
    }

    private String scenario(String failures) {
        try {
            return Files.writeString(
                            directory.resolve("node.conf"),
                            "gpus = [ { model = t4, count = 2 } ]\nfailures = [ " + failures + " ]\n")
                    .toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Said run(String... arguments) {
        return Said.by(() -> Main.run(arguments));
    }
}
