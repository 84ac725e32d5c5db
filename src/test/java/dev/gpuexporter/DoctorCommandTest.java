package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gpuexporter.testing.Said;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code doctor} says of simulated nodes. */
class DoctorCommandTest {
    private static final String ANY_PORT = "127.0.0.1:0";

    @TempDir
    private Path directory;

    @AfterEach
    void logAsBefore() {
        LogConfigurator.reset();
    }

    @Test
    void findsNothingWrongWithAHealthyNode() {
        Said said = doctor("h200x8");
        assertThat(said.errors()).isEmpty();
        assertThat(said.outputLines())
                .containsExactly(
                        "ok    driver       580.159.03, simulated",
                        "ok    GPUs         8 × NVIDIA H200, all answer",
                        "ok    persistence  on",
                        "ok    MIG          off",
                        "ok    profiling    GPM answers on all 8 GPUs",
                        "ok    kubelet      simulated; GPU devices in the hands of containers: 9",
                        "ok    devices      nvidia.com/gpu: 11 allocatable, 9 allocated",
                        "ok    processes    processes are visible, and their pods are known by name",
                        "ok    port         0 is free",
                        "no failures, no warnings");
        assertThat(said.exitCode()).isZero();
    }

    @Test
    void failsForALostGpuAndSaysWhatToDo() {
        Said said = doctor(scenario("t4", "{ kind = lost, gpu = 1, from = 0s }"));
        assertThat(said.outputLines())
                .contains(
                        "ok    GPUs         1 × Tesla T4, which answers",
                        "fail  GPUs         GPU 1: GPU_IS_LOST from nvmlDeviceGetHandleByIndex_v2")
                .anyMatch(line -> line.startsWith(" ".repeat(19) + "look for its Xid in the kernel's log"))
                .last()
                .asString()
                .startsWith("1 failure, ");
        assertThat(said.exitCode()).isEqualTo(1);
    }

    @Test
    void failsForAGpuWhoseMemoryIsWornOut() {
        Said said = doctor(scenario("h200", "{ kind = row-remap-failed, gpu = 1 }"));
        assertThat(said.output().replaceAll("\\s+", " "))
                .containsPattern("fail GPUs GPU 1 \\(GPU-[0-9a-f-]{36}\\): its memory is worn out"
                        + " \\(gpu_row_remap_failed\\) take the GPU out of use")
                .contains("1 failure, no warnings");
        assertThat(said.exitCode()).isEqualTo(1);
    }

    /** A driver without field values does not say itself what would mend a GPU. */
    @Test
    void warnsOfMemoryThatWaitsForAReset() throws IOException {
        Path file = Files.writeString(directory.resolve("node.conf"), """
                gpus = [ { model = a100 } ]
                failures = [ { kind = ecc-uncorrected, gpu = 0 } ]
                missing-symbols = [ nvmlDeviceGetFieldValues ]
                """);
        Said said = doctor(file.toString());
        assertThat(said.output().replaceAll("\\s+", " "))
                .containsPattern("warn GPUs GPU 0 \\(GPU-[0-9a-f-]{36}\\) has bad memory until it is reset"
                        + " \\(gpu_row_remap_pending\\) drain the GPU and reset it")
                .contains("no failures, 1 warning");
        assertThat(said.exitCode()).isZero();
    }

    @Test
    void failsForAGpuWhoseHandleIsRefused() {
        Said said = doctor(scenario("t4", "{ kind = no-permission, gpu = 1 }"));
        assertThat(said.output())
                .contains(
                        "fail  GPUs         GPU 1: NO_PERMISSION from nvmlDeviceGetHandleByIndex_v2",
                        "NVIDIA_VISIBLE_DEVICES=all")
                .as("once is enough")
                .doesNotContain("rights");
        assertThat(said.exitCode()).isEqualTo(1);
    }

    /** Also where polls are so seldom that nobody would wait for the end of one. */
    @Test
    void namesTheFunctionInWhichAGpuHangs() throws IOException {
        Path seldom = Files.writeString(directory.resolve("exporter.conf"), "poll.interval = 1h\n");
        Said said = doctor(
                scenario("t4", "{ kind = hang, gpu = 1, from = 0s, function = nvmlDeviceGetPowerUsage }"),
                "--config",
                seldom.toString());
        assertThat(said.output())
                .containsPattern("(?m)^fail  GPUs +GPU 1 hangs in nvmlDeviceGetPowerUsage, for 1\\d s by now$")
                .contains("cannot be interrupted", "\nok    port ");
        assertThat(said.exitCode()).isEqualTo(1);
    }

    @Test
    void saysThatOpeningNvmlHangs() {
        Said said = doctor(scenario("t4", "{ kind = hang, gpu = 0, from = 0s, function = nvmlInit_v2 }"));
        assertThat(said.output()).containsPattern("(?m)^fail  driver +hangs in nvmlInit_v2, for 1\\d s by now$");
        assertThat(said.exitCode()).isEqualTo(1);
    }

    @Test
    void failsForALibraryThatIsNotTheModules() {
        Said said = doctor(scenario("t4", "{ kind = version-mismatch, from = 0s }"));
        assertThat(said.output())
                .contains("fail  driver     LIB_RM_VERSION_MISMATCH from nvmlInit_v2", "drain and reboot the node");
        assertThat(said.exitCode()).isEqualTo(1);
    }

    @Test
    void onlyWarnsOfProfilingThatIsRefused() {
        Said said =
                doctor(scenario("h200", "{ kind = no-permission, gpu = all, from = 0s, function = nvmlGpmSampleGet }"));
        assertThat(said.output())
                .contains(
                        "warn  profiling    GPM says NO_PERMISSION on both GPUs\n",
                        "give the container SYS_ADMIN",
                        "metrics.profiling = off")
                .endsWith("\nno failures, 1 warning\n");
        assertThat(said.exitCode()).isZero();
    }

    @Test
    void namesTheCallThatIsRefused() {
        Said said = doctor(
                scenario("t4", "{ kind = no-permission, gpu = 1, from = 0s, function = nvmlDeviceGetPowerUsage }"));
        assertThat(said.output())
                .contains("warn  rights       NO_PERMISSION from nvmlDeviceGetPowerUsage on GPU 1\n", "runAsUser: 0");
        assertThat(said.exitCode()).isZero();
    }

    @Test
    void countsMigDevicesAndWarnsOfAGpuThatIsNotCutUp() throws IOException {
        Path file = Files.writeString(
                directory.resolve("mig.conf"),
                "gpus = [ { model = h100, mig = [1g.10gb, 2g.20gb] }, { model = h100, mig = [] } ]\npods = []\n");
        Said said = doctor(file.toString());
        assertThat(said.output())
                .contains("ok    MIG          on for both GPUs: 2 MIG devices\n")
                .containsPattern("(?m)^warn  MIG +GPU 1 \\(GPU-[0-9a-f-]{36}\\) is in MIG mode and not cut up:");
        assertThat(said.exitCode()).isZero();
    }

    @Test
    void tellsWhatNoGpuIs() throws IOException {
        Path file = Files.writeString(directory.resolve("node.conf"), """
                gpus = [ { model = t4 } ]
                pods = [ { namespace = research, pod = train-0, gpus = [0], device-ids = [GPU-of-another-node] } ]
                """);
        assertThat(doctor(file.toString()).output().replaceAll("\\s+", " "))
                .contains(
                        "warn devices nvidia.com/gpu GPU-of-another-node, held by research/train-0, is no GPU that the"
                                + " driver knows");
    }

    @Test
    void failsWhereThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Said said = Said.by(
                    () -> Main.run("doctor", "--simulate", "t4", "--listen", "127.0.0.1:" + taken.getLocalPort()));
            assertThat(said.output())
                    .contains(
                            "fail  port         127.0.0.1:" + taken.getLocalPort() + " is in use, and no gpu-exporter");
            assertThat(said.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void printsJson() throws IOException {
        Said said = Said.by(() -> Main.run(
                "doctor",
                "--listen",
                ANY_PORT,
                "--format",
                "json",
                "--simulate",
                scenario("t4", "{ kind = lost, gpu = 1, from = 0s }")));
        assertThat(said.exitCode()).isEqualTo(1);
        JsonNode report = new ObjectMapper().readTree(said.output());
        assertThat(report.path("failures").asInt()).isEqualTo(1);
        assertThat(report.path("findings"))
                .anyMatch(finding -> finding.path("level").asText().equals("fail")
                        && finding.path("topic").asText().equals("GPUs")
                        && finding.path("text").asText().contains("GPU_IS_LOST")
                        && !finding.path("remedy").asText().isEmpty());
    }

    @Test
    void heedsTheConfiguration() throws IOException {
        Path file = Files.writeString(
                directory.resolve("exporter.conf"),
                "metrics.profiling = off\nkubernetes.attribution = off\nlisten = \"" + ANY_PORT + "\"\n");
        Said said = Said.by(() -> Main.run("doctor", "--simulate", "h200", "--config", file.toString()));
        assertThat(said.outputLines())
                .contains(
                        "ok    profiling    off (metrics.profiling)",
                        "ok    kubelet      not asked (kubernetes.attribution = off)");
        assertThat(said.exitCode()).isZero();
    }

    private String scenario(String model, String failures) {
        try {
            return Files.writeString(
                            directory.resolve("node.conf"),
                            "gpus = [ { model = " + model + ", count = 2 } ]\nfailures = [ " + failures + " ]\n")
                    .toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Said doctor(String scenario, String... more) {
        List<String> arguments = new ArrayList<>(List.of("doctor", "--simulate", scenario, "--listen", ANY_PORT));
        arguments.addAll(List.of(more));
        return Said.by(() -> Main.run(arguments.toArray(String[]::new)));
    }
}
