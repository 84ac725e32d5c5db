package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.Scrape.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A node that has as many pods as a kubelet takes, under each way to hand GPUs out. */
class FullNodeTest {
    private static final int PODS = 110;

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#full")
    void hasAsManyPodsAsAKubeletTakes(String scenario) {
        assertThat(RunningExporter.scenario(scenario).pods()).hasSize(PODS).doesNotHaveDuplicates();
    }

    /** Another plugin's devices are called 0, 1, 2 and so on, as GPUs may be. */
    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#full")
    void takesNothingForAGpuThatIsNone(String scenario) {
        Scrape scrape = SimulatedScenarios.scrape(scenario);
        assertThat(scrape.samples())
                .noneMatch(sample -> sample.labels().getOrDefault("pod", "").startsWith("web-"));
        assertThat(scrape.value("gpu_exporter_unmapped_devices")).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "pods-whole, nvidia.com/gpu, 8, 7",
        "pods-whole, rdma/hca, 104, 104",
        "pods-mig-mixed, nvidia.com/gpu, 1, 1",
        "pods-mig-mixed, nvidia.com/mig-1g.10gb, 15, 13",
        "pods-mig-mixed, nvidia.com/mig-2g.20gb, 1, 1",
        "pods-mig-mixed, nvidia.com/mig-3g.40gb, 1, 1",
        "pods-mig-mixed, rdma/hca, 94, 94",
        "pods-mig-single, nvidia.com/gpu, 28, 26",
        "pods-mig-single, rdma/hca, 84, 84",
        "pods-time-sliced, nvidia.com/gpu, 112, 110",
        "pods-mps, nvidia.com/gpu.shared, 96, 96",
        "pods-mps, nvidia.com/gpu, 1, 0",
        "pods-gke, nvidia.com/gpu, 52, 44",
        "pods-dra, gpu.nvidia.com, , 4",
        "pods-dra, rdma/hca, 105, 105",
    })
    void countsWhatThereIsOfAResource(String scenario, String resource, Double allocatable, double allocated) {
        Scrape scrape = SimulatedScenarios.scrape(scenario);
        assertThat(scrape.value("gpu_resource_allocatable", "resource", resource))
                .isEqualTo(allocatable == null ? OptionalDouble.empty() : OptionalDouble.of(allocatable));
        assertThat(scrape.value("gpu_resource_allocated", "resource", resource)).hasValue(allocated);
    }

    @ParameterizedTest
    @CsvSource({
        "pods-whole, 11111111",
        "pods-mig-mixed, 1111",
        "pods-mig-single, 1111",
        "pods-time-sliced, 11111111",
        "pods-mps, 111",
        "pods-gke, 111",
        "pods-dra, ''",
    })
    void saysOfEachGpuWhetherItCanBeGiven(String scenario, String each) {
        assertThat(SimulatedScenarios.scrape(scenario).all("gpu_allocatable").stream()
                        .map(sample -> Integer.toString((int) sample.value())))
                .containsExactlyElementsOf(Arrays.asList(each.split("(?!^)")).stream()
                        .filter(digit -> !digit.isEmpty())
                        .toList());
    }

    /** By GPU: how many containers are said to hold it, and its parts. */
    @ParameterizedTest
    @CsvSource({
        "pods-whole, 1 1 1 1 1 1 1 0, 0 0 0 0 0 0 0 0",
        "pods-mig-mixed, 0 0 0 1, 7 6 2 0",
        "pods-mig-single, 0 0 0 0, 7 7 7 5",
        "pods-time-sliced, 14 14 14 14 14 14 14 12, 0 0 0 0 0 0 0 0",
        "pods-mps, 48 47 0, 0 0 0",
        "pods-gke, 0 1 40, 3 0 0",
        "pods-dra, 1 2 0 0, 0 0 0 2",
    })
    void saysWhoHoldsEachGpuAndItsParts(String scenario, String holders, String holdersOfParts) {
        assertThat(counts(scenario, "gpu_workload_info", holders)).isEqualTo(holders);
        assertThat(counts(scenario, "gpu_mig_workload_info", holdersOfParts)).isEqualTo(holdersOfParts);
    }

    private static String counts(String scenario, String name, String each) {
        Scrape scrape = SimulatedScenarios.scrape(scenario);
        return String.join(
                " ",
                Stream.iterate(0, gpu -> gpu + 1)
                        .limit(each.split(" ").length)
                        .map(gpu -> Integer.toString(
                                scrape.all(name, "gpu", Integer.toString(gpu)).size()))
                        .toList());
    }

    /** Whose load it is, by GPU; a GPU that is shared or cut up, or free, is nobody's. */
    @ParameterizedTest
    @CsvSource({
        "pods-whole, train-0 train-1 train-2 train-3 finetune-0 finetune-0 notebook-7 -",
        "pods-mig-mixed, - - - train-0",
        "pods-mig-single, - - - -",
        "pods-time-sliced, - - - - - - - -",
        "pods-mps, - - -",
        "pods-gke, - train-0 -",
        "pods-dra, train-0 - - -",
    })
    void putsAnOwnerOnWhatOneContainerHolds(String scenario, String owners) {
        assertThat(String.join(" ", pods(SimulatedScenarios.scrape(scenario).all("gpu_memory_used_bytes"))))
                .isEqualTo(owners);
    }

    @Test
    void putsAnOwnerOnAPartThatOneContainerHoldsWhateverItIsCalled() {
        assertThat(pods(SimulatedScenarios.scrape("pods-gke").all("gpu_mig_memory_used_bytes")))
                .containsExactlyInAnyOrder("llm-0", "llm-1", "llm-2");
        assertThat(pods(SimulatedScenarios.scrape("pods-dra").all("gpu_mig_memory_used_bytes")))
                .containsExactlyInAnyOrder("llm-a", "-", "llm-b");
        assertThat(pods(SimulatedScenarios.scrape("pods-mig-single").all("gpu_mig_memory_used_bytes", "gpu", "3")))
                .containsExactlyInAnyOrder("d-0", "d-1", "d-2", "d-3", "d-4", "-", "-");
        assertThat(pods(SimulatedScenarios.scrape("pods-mig-mixed")
                        .all("gpu_mig_memory_used_bytes", "mig_profile", "2g.20gb")))
                .containsExactly("llm-b");
    }

    private static List<String> pods(List<Sample> samples) {
        return samples.stream()
                .sorted((one, other) -> gpu(one).compareTo(gpu(other)))
                .map(sample -> sample.labels().getOrDefault("pod", "-"))
                .toList();
    }

    private static Integer gpu(Sample sample) {
        return Integer.valueOf(sample.labels().get("gpu"));
    }
}
