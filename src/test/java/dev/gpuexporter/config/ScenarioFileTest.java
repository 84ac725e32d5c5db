package dev.gpuexporter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.config.Damage.Place;
import dev.gpuexporter.config.Scenario.Device;
import dev.gpuexporter.config.Scenario.Failure;
import dev.gpuexporter.config.Scenario.FailureKind;
import dev.gpuexporter.config.Scenario.Gpu;
import dev.gpuexporter.config.Scenario.Load;
import dev.gpuexporter.config.Scenario.MemoryUse;
import dev.gpuexporter.config.Scenario.Pod;
import dev.gpuexporter.config.Scenario.Shape;
import dev.gpuexporter.config.Scenario.Vgpu;
import dev.gpuexporter.config.Scenario.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScenarioFileTest {
    private static final Path SCENARIOS = Path.of("src/test/resources/scenarios");

    private final ScenarioFile scenarios = new ScenarioFile(List.of("t4", "a100", "a100-80", "h200"));

    @TempDir
    private Path directory;

    @Test
    void readsANodeInShort() {
        Scenario scenario = scenarios.read("a100-80x3,t4");
        assertThat(scenario.name()).isEqualTo("a100-80x3,t4");
        assertThat(scenario.seed()).isEqualTo(1);
        assertThat(scenario.driverVersion()).isEqualTo("580.159.03");
        assertThat(scenario.gpus()).extracting(Gpu::model).containsExactly("a100-80", "a100-80", "a100-80", "t4");
        assertThat(scenario.failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 16, 64})
    void aNodeWithoutPodsGetsSomeAndKeepsAGpuFree(int gpus) {
        Scenario scenario = scenarios.read("h200x" + gpus);
        Set<Integer> held = new HashSet<>();
        scenario.pods().forEach(pod -> pod.devices().forEach(device -> held.add(device.gpu())));
        assertThat(held).hasSize(gpus - 1).doesNotContain(gpus - 1);
        assertThat(scenario.pods()).extracting(Pod::pod).doesNotHaveDuplicates();
        assertThat(scenario.pods()).extracting(Pod::pod).contains("train-0", "notebook-7", "llm-a", "llm-b", "test");
        assertThat(scenario.pods())
                .flatExtracting(Pod::devices)
                .contains(Device.replica(2, 0), Device.replica(2, 1), Device.replica(2, 2));
        assertThat(scenario.gpus().get(2).replicas()).isEqualTo(4);
    }

    @Test
    void aSmallNodeIsHeldWhole() {
        assertThat(scenarios.read("t4").pods()).extracting(Pod::pod).containsExactly("train-0");
        assertThat(scenarios.read("t4x2").pods()).extracting(Pod::pod).containsExactly("train-0", "notebook-7");
        assertThat(scenarios.read("t4x3").pods())
                .extracting(Pod::pod)
                .containsExactly("train-0", "notebook-7", "llm-a", "llm-b", "test");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "h300 | --simulate h300: no such model; there are t4, a100, a100-80, h200",
                "'' | --simulate \"\": no such model; there are t4, a100, a100-80, h200",
                "h200x | --simulate h200x: no such model; there are t4, a100, a100-80, h200",
                "h200x0 | --simulate h200x0: 0 GPUs; a node has 1 to 64",
                "h200x65 | --simulate h200x65: 65 GPUs; a node has 1 to 64",
                "h200x60,t4x5 | --simulate h200x60,t4x5: 65 GPUs; a node has 1 to 64",
                "h200x4,,t4 | --simulate h200x4,,t4: no such model; there are t4, a100, a100-80, h200",
                "./no/such.conf | --simulate ./no/such.conf: no such file; write a file's path, or a model such as h200x8",
                "src/test/resources/ | --simulate src/test/resources: is a directory; write a file's path, or a model such as h200x8",
            })
    void saysWhatIsWrongWithTheArgument(String argument, String message) {
        assertThatThrownBy(() -> scenarios.read(argument))
                .isInstanceOf(BadInputException.class)
                .hasMessage(message);
    }

    @Test
    void anXInAModelsNameIsNoCount() {
        ScenarioFile cards = new ScenarioFile(List.of("rtx4090", "t4"));
        assertThat(cards.read("rtx4090").gpus()).hasSize(1);
        assertThat(cards.read("rtx4090x2,t4").gpus())
                .extracting(Gpu::model)
                .containsExactly("rtx4090", "rtx4090", "t4");
    }

    @Test
    void readsAsManyPodsAsItSays() {
        List<Pod> pods = scenarios
                .read(
                        file(
                                "gpus = [ { model = t4, count = 2 } ]",
                                "plugin = gke",
                                "pods = [ { pod = \"a-%\", count = 2, gpus = [\"%\"], device-ids = [\"nic-%\"] }, { pod = b, gpus = [0] } ]"))
                .pods();
        assertThat(pods).extracting(Pod::pod).containsExactly("a-0", "a-1", "b");
        assertThat(pods.get(1).devices()).containsExactly(Device.whole(1));
        assertThat(pods.get(1).deviceIds()).containsExactly("nic-1");
        assertThat(pods).extracting(Pod::resource).containsOnly("nvidia.com/gpu");
    }

    @Test
    void readsAFile() {
        Scenario scenario = scenarios.read("src/test/resources/scenarios/mixed-node.conf");
        assertThat(scenario.name()).isEqualTo("mixed");
        assertThat(scenario.seed()).isEqualTo(7);
        assertThat(scenario.driverVersion()).isEqualTo("570.86.15");
        assertThat(scenario.cudaVersion()).isEqualTo("12.8");
        assertThat(scenario.gpus())
                .containsExactly(
                        Gpu.of("a100"),
                        Gpu.of("a100"),
                        new Gpu("a100", 1, OptionalDouble.of(250)),
                        new Gpu("t4", 4, OptionalDouble.empty()));
        Pod train = scenario.pods().get(0);
        assertThat(train.load().utilization()).isEqualTo(0.97);
        assertThat(train.load().memory()).isEqualTo(MemoryUse.ofRatio(0.9));
        assertThat(train.load().shape()).isEqualTo(Shape.STEADY);
        assertThat(train.presence()).isEqualTo(new Window(Duration.ZERO, Optional.of(Duration.ofMinutes(10))));
        assertThat(scenario.pods().get(4).devices()).containsExactly(Device.replica(3, 0));
        assertThat(scenario.pods().get(4).load().memory()).isEqualTo(MemoryUse.ofBytes(4L << 30));
        assertThat(scenario.pods().get(6).deviceIds()).containsExactly("nvidia0", "7");
        assertThat(scenario.failures().get(2))
                .isEqualTo(new Failure(
                        FailureKind.XID,
                        OptionalInt.of(0),
                        new Window(Duration.ofSeconds(90), Optional.empty()),
                        Optional.empty(),
                        OptionalInt.of(13)));
        assertThat(scenario.missingSymbols())
                .containsExactlyInAnyOrder("nvmlDeviceGetMarginTemperature", "nvmlDeviceGetTemperatureV");
    }

    @Test
    void readsWhichLinkFails() {
        ScenarioFile all = new ScenarioFile(List.of("h200", "a100", "b200", "l40s"));
        Scenario scenario = all.read(SCENARIOS.resolve("link-trouble.conf"));
        assertThat(scenario.failures())
                .extracting(Failure::link)
                .containsExactly(OptionalInt.of(3), OptionalInt.of(5), OptionalInt.of(17), OptionalInt.empty());
        assertThat(scenario.failures().get(0).kind()).isEqualTo(FailureKind.NVLINK_DOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "t4",
                "a100",
                "l40s",
                "h100",
                "h200",
                "b200",
                "lost-gpu",
                "hung-gpu",
                "no-permission",
                "driver-gone",
                "link-trouble",
                "mixed-node",
                "a10",
                "a100-80",
                "l4",
                "gb200",
                "rtx4090",
                "worn-memory",
                "vgpu-host",
                "spikes",
                "mig-a100",
                "mig-h100",
                "mig-h200",
                "mig-split",
                "mig-reconfigured",
                "h200x8-mig7"
            })
    void readsEverySample(String name) {
        ScenarioFile all = new ScenarioFile(
                List.of("t4", "a10", "a100", "a100-80", "l4", "l40s", "h100", "h200", "b200", "gb200", "rtx4090"));
        Scenario scenario = all.read(SCENARIOS.resolve(name + ".conf"));
        assertThat(scenario.name()).isEqualTo(name.equals("mixed-node") ? "mixed" : name);
    }

    @Test
    void readsWhatIsDoneToMemory() {
        Scenario scenario = scenarios.read(file(
                "gpus = [ { model = t4 } ]",
                "failures = [",
                "  { kind = ecc-uncorrected, gpu = 0, location = mcu, count = 3, from = 5s }",
                "  { kind = row-remap, gpu = all }",
                "  { kind = xid, gpu = 0, xid = 48, count = 9 }",
                "]"));
        assertThat(scenario.failures())
                .extracting(Failure::damage)
                .containsExactly(new Damage(3, Place.MCU), new Damage(1, Place.DRAM), Damage.NONE);
    }

    @Test
    void readsVirtualGpus() {
        Scenario scenario = new ScenarioFile(List.of("l40s")).read(SCENARIOS.resolve("vgpu-host.conf"));
        assertThat(scenario.vgpus())
                .containsExactly(
                        new Vgpu(0, new Load(0.3, MemoryUse.ofBytes(8L << 30), Shape.STEADY), true),
                        new Vgpu(0, new Load(0.6, MemoryUse.ofBytes(12L << 30), Shape.STEADY), false));
    }

    @Test
    void aFileWithAnEmptyListOfPodsHasNone() {
        assertThat(scenarios
                        .read(file("gpus = [ { model = t4, count = 4 } ]", "pods = []"))
                        .pods())
                .isEmpty();
        assertThat(scenarios.read(file("gpus = [ { model = t4, count = 4 } ]")).pods())
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "sed = 1 | unknown key \"sed\" (node.conf: 2); did you mean \"seed\"?",
                "colour = red | unknown key \"colour\" (node.conf: 2); there are name, seed, driver-version, cuda-version, gpus, pods, failures, missing-symbols, vgpus, plugin",
                "seed = red | seed: \"red\" is no whole number (node.conf: 2); write one from 0 to 2147483647",
                "name = [] | name: is no text (node.conf: 2); write a word, or anything in double quotes",
                "driver-version = new | driver-version: \"new\" is no version (node.conf: 2); write one such as \"580.159.03\"",
                "pods = 3 | pods: is no list (node.conf: 2); write [ … ]",
                "pods = [ 3 ] | pods[0]: is no object (node.conf: 2); write { key = value, … }",
                "pods = [ { pod = a } ] | pods[0].gpus is missing (node.conf: 2); write gpus = [0]",
                "pods = [ { pod = a, count = 2, gpus = [0] } ] | pods[0].pod: \"a\" has no place for the number (node.conf: 2); write train-%",
                "pods = [ { pod = a-%, count = 3, gpus = [\"%\"] } ] | pods[0].gpus[0]: there is no GPU 2 (node.conf: 2); they are 0 to 1",
                "plugin = amd | plugin: \"amd\" is not known (node.conf: 2); there are nvidia, nvidia-single, gke, dra",
                "plugin = gke | pods is missing (node.conf: 1); write pods = []",
                "pods = [ { gpus = [0] } ] | pods[0].pod is missing (node.conf: 2); write pod = train-0",
                "pods = [ { pod = a, gpu = [0] } ] | pods[0]: unknown key \"gpu\" (node.conf: 2); did you mean \"gpus\"?",
                "pods = [ { pod = a, gpus = [2] } ] | pods[0].gpus[0]: there is no GPU 2 (node.conf: 2); they are 0 to 1",
                "pods = [ { pod = a, gpus = [\"0::0\"] } ] | pods[0].gpus[0]: there is no replica 0::0 (node.conf: 2); give GPU 0 replicas = 4",
                "pods = [ { pod = a, gpus = [\"0:0\"] } ] | pods[0].gpus[0]: there is no MIG device 0:0 (node.conf: 2); give GPU 0 mig = [1g.10gb]",
                "pods = [ { pod = a, gpus = [\"5::0\"] } ] | pods[0].gpus[0]: there is no GPU 5 (node.conf: 2); they are 0 to 1",
                "pods = [ { pod = a, gpus = [x] } ] | pods[0].gpus[0]: \"x\" is no GPU (node.conf: 2); write 0, \"0::1\" for a replica, or \"0:1\" for a MIG device",
                "pods = [ { pod = a, gpus = [0], utilization = 97 } ] | pods[0].utilization: \"97\" is no part of a whole (node.conf: 2); write 97% or 0.97",
                "pods = [ { pod = a, gpus = [0], memory = 20 } ] | pods[0].memory: \"20\" has no unit (node.conf: 2); write 20GiB or 90%",
                "pods = [ { pod = a, gpus = [0], memory = lots } ] | pods[0].memory: \"lots\" is not understood (node.conf: 2); write 20GiB or 90%",
                "pods = [ { pod = a, gpus = [0], shape = wave } ] | pods[0].shape: \"wave\" is not known (node.conf: 2); did you mean \"waves\"?",
                "failures = [ { kind = lots, gpu = 0 } ] | failures[0].kind: \"lots\" is not known (node.conf: 2); did you mean \"lost\"?",
                "failures = [ { kind = broken, gpu = 0 } ] | failures[0].kind: \"broken\" is not known (node.conf: 2); there are lost, no-permission, hang, driver-gone, version-mismatch, unknown-error, reset-required, xid, ecc-corrected, ecc-uncorrected, row-remap, row-remap-failed, nvlink-down, nvlink-errors, pcie-errors, pcie-degraded, overheating, power-brake, unhealthy, kubelet-gone",
                "failures = [ { kind = lost } ] | failures[0].gpu is missing (node.conf: 2); write gpu = 0, or all",
                "failures = [ { kind = lost, gpu = 5 } ] | failures[0].gpu: there is no GPU 5 (node.conf: 2); they are 0 to 1",
                "failures = [ { kind = driver-gone, gpu = 0 } ] | failures[0].gpu: this kind befalls the whole node (node.conf: 2); leave gpu out",
                "failures = [ { kind = xid, gpu = 0 } ] | failures[0].xid is missing (node.conf: 2); write xid = 79",
                "failures = [ { kind = unknown-error, gpu = 0 } ] | failures[0].function is missing (node.conf: 2); write function = nvmlDeviceGetPowerUsage",
                "failures = [ { kind = lost, gpu = 0, from = 5 } ] | failures[0].from: \"5\" has no unit (node.conf: 2); write 30s or 5m",
                "failures = [ { kind = lost, gpu = 0, from = 5m, until = 30s } ] | failures[0].until: \"30s\" is not after from (node.conf: 2); write a longer time since the start",
                "failures = [ { kind = row-remap, gpu = 0, count = 0 } ] | failures[0].count: 0 is not between 1 and 1000000 (node.conf: 2); write a number that is",
                "failures = [ { kind = ecc-uncorrected, gpu = 0, location = l1 } ] | failures[0].location: \"l1\" is not known (node.conf: 2); did you mean \"l2\"?",
                "vgpus = [ { gpu = 2 } ] | vgpus[0].gpu: there is no GPU 2 (node.conf: 2); they are 0 to 1",
                "vgpus = [ { gpu = 0, licensed = maybe } ] | vgpus[0].licensed: \"maybe\" is neither yes nor no (node.conf: 2); write yes or no",
                "failures = [ { kind = nvlink-down, gpu = 0, link = x } ] | failures[0].link: \"x\" is no whole number (node.conf: 2); write one from 0 to 35",
                "failures = [ { kind = lost, gpu = 0, link = 3 } ] | failures[0].link: this kind does not befall NVLinks (node.conf: 2); leave link out",
                "missing-symbols = [power] | missing-symbols[0]: \"power\" is no function of NVML (node.conf: 2); write one such as nvmlDeviceGetPowerUsage",
            })
    void saysWhatIsWrongInAFileAndWhere(String line, String message) {
        Path file = file("gpus = [ { model = t4, count = 2 } ]", line);
        assertThatThrownBy(() -> scenarios.read(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name = bare | gpus is missing (node.conf: 1); write gpus = [ { model = h200, count = 8 } ]",
                "gpus = [] | gpus: there are 0 GPUs (node.conf: 1); a node has 1 to 64",
                "gpus = [ { model = t4, count = 40 }, { model = a100, count = 40 } ] | gpus: there are 80 GPUs (node.conf: 1); a node has 1 to 64",
                "gpus = [ { model = h300 } ] | gpus[0].model: \"h300\" is no model (node.conf: 1); there are t4, a100, a100-80, h200",
                "gpus = [ { model = t4, count = 0 } ] | gpus[0].count: 0 is not between 1 and 64 (node.conf: 1); write a number that is",
                "gpus = [ { model = t4, power-limit = 60 } ] | gpus[0].power-limit: \"60\" has no unit (node.conf: 1); write 500W",
            })
    void saysWhatIsWrongWithTheGpusOfAFile(String line, String message) {
        assertThatThrownBy(() -> scenarios.read(file(line)))
                .isInstanceOf(BadInputException.class)
                .hasMessage(message);
    }

    @Test
    void refusesWhatIsDeeperThanAnybodyMeans() {
        Path file = file("gpus = " + "[".repeat(50_000));
        assertThatThrownBy(() -> scenarios.read(file))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("node.conf: lists and sections are too deep in one another; ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    pods = [ { pod = a: b } ] | node.conf: 2: ':' cannot stand here; put text that has more than letters, digits and hyphens in double quotes
                    pods = [                  | node.conf: 3: a list is not closed; write ] at its end
                    pods = [ { pod = a }      | node.conf: 3: a list is not closed; write ] at its end
                    pods = [ { pod = a        | node.conf: 3: a section or a list is not closed; write } or ] at its end
                    seed = ${nowhere}         | node.conf: 2: ${nowhere} is set nowhere; write ${?…} for what may be missing
                    """)
    void saysWhereAndWhyAFileIsNoHocon(String line, String message) {
        Path file = file("gpus = [ { model = t4 } ]", line);
        assertThatThrownBy(() -> scenarios.read(file))
                .isInstanceOf(BadInputException.class)
                .hasMessage(message);
    }

    private Path file(String... lines) {
        try {
            return Files.write(directory.resolve("node.conf"), List.of(lines));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
