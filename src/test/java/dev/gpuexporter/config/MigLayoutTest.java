package dev.gpuexporter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gpuexporter.config.Scenario.Device;
import dev.gpuexporter.config.Scenario.Gpu;
import dev.gpuexporter.config.Scenario.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GPUs that a scenario's file cuts up. */
class MigLayoutTest {
    private final ScenarioFile scenarios = new ScenarioFile(List.of("a100"));

    @TempDir
    private Path directory;

    @Test
    void readsHowAGpuIsCutUp() {
        Scenario scenario = scenarios.read(file("gpus = [ { model = a100, mig = [1g.5gb, \"1g.5gb+me\", 3g.20gb, "
                + "{ profile = 2g.10gb, start = 2, split = [1, 1] }], mig-changes = [ { at = 1m, mig = [] } ] } ]"));
        Gpu gpu = scenario.gpus().get(0);
        assertThat(gpu.partsAt(Duration.ofSeconds(59)))
                .extracting(MigLayout.Part::profile)
                .containsExactly("1g.5gb", "1g.5gb+me", "3g.20gb", "1c.2g.10gb", "1c.2g.10gb");
        assertThat(gpu.partsAt(Duration.ofSeconds(59)).get(1).resource()).isEqualTo("nvidia.com/mig-1g.5gb.me");
        assertThat(gpu.mig().get(0).instances().get(3).start()).hasValue(2);
        assertThat(gpu.partsAt(Duration.ofMinutes(1))).isEmpty();
        assertThat(gpu.mig()).hasSize(2);
        assertThat(scenario.pods())
                .extracting(Pod::resource)
                .containsExactly(
                        "nvidia.com/mig-1g.5gb",
                        "nvidia.com/mig-1g.5gb.me",
                        "nvidia.com/mig-3g.20gb",
                        "nvidia.com/mig-1c.2g.10gb");
        assertThat(scenario.pods()).allMatch(pod -> pod.presence().until().equals(Optional.of(Duration.ofMinutes(1))));
    }

    @Test
    void aPodHoldsAMigDeviceThatIsThereWhenItStarts() {
        Scenario scenario = scenarios.read(file(
                "gpus = [ { model = a100, replicas = 2, mig = [1g.5gb], mig-changes = [ { at = 1m, mig = [3g.20gb] } ] } ]",
                "pods = [ { pod = a, gpus = [\"0:0::1\"] }, { pod = b, gpus = [\"0:0::0\"], from = 1m } ]"));
        assertThat(scenario.pods())
                .extracting(Pod::resource)
                .containsExactly("nvidia.com/mig-1g.5gb", "nvidia.com/mig-3g.20gb");
        assertThat(scenario.pods().get(0).devices())
                .containsExactly(new Device(0, OptionalInt.of(0), OptionalInt.of(1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mig = 3 | gpus[0].mig: is no list (node.conf: 1); write [ … ]",
                "mig = [1g] | gpus[0].mig[0]: \"1g\" is no profile (node.conf: 1); write 1g.10gb, or { profile = 3g.40gb, split = [1, 2] }",
                "mig = [{ split = [1] }] | gpus[0].mig[0].profile is missing (node.conf: 1); write profile = 3g.40gb",
                "mig = [{ profile = 3g.20gb, split = [2, 2] }] | gpus[0].mig[0].split: there are not so many slices (node.conf: 1); it has 3",
                "mig = [{ profile = 3g.20gb, split = [4] }] | gpus[0].mig[0].split[0]: 4 is not between 1 and 3 (node.conf: 1); write a number that is",
                "mig = [{ profile = 3g.20gb, start = 9 }] | gpus[0].mig[0].start: 9 is not between 0 and 7 (node.conf: 1); write a number that is",
                "mig-changes = [] | gpus[0].mig-changes: the GPU is not in MIG mode (node.conf: 1); write mig = [] for one that is not cut up at first",
                "mig = [], mig-changes = [{ at = 0s, mig = [] }] | gpus[0].mig-changes[0].at: \"0s\" is not after the change before (node.conf: 1); write a longer time",
                "mig = [], mig-changes = [{ at = 1m }] | gpus[0].mig-changes[0].mig is missing (node.conf: 1); write mig = [1g.10gb, 3g.40gb]",
            })
    void saysWhatIsWrongWithHowAGpuIsCutUp(String keys, String message) {
        assertThatThrownBy(() -> scenarios.read(file("gpus = [ { model = a100, " + keys + " } ]")))
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
