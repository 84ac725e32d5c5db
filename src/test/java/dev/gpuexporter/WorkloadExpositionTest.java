package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.config.Scenario;
import dev.gpuexporter.kubernetes.FakeHost;
import dev.gpuexporter.kubernetes.ProcessSource;
import dev.gpuexporter.simulation.SimulatedContainers;
import dev.gpuexporter.simulation.SimulatedNode;
import dev.gpuexporter.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalDouble;
import java.util.function.BiFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What each pod uses of a GPU as people find it; processes are followed through real files where it says so. */
@Timeout(60)
class WorkloadExpositionTest {
    private static final String UID = "72e522f4-0b55-4fe4-9fde-eee190106199";
    private static final String ID = "228e6c286db95edaf54efbffee8502aa470ef5c7ecca947bb6e275e0648ecd42";
    private static final String MEMORY = "gpu_workload_memory_used_bytes";
    private static final Scenario DEMO = RunningExporter.scenario("h200");

    @TempDir
    Path root;

    /** 0.28, 0.24 and 0.1 of 143771 MiB, in whole pages of 2 MiB, by hand. */
    @Test
    void tellsApartThoseWhoShareAGpu() {
        Scrape scrape = SimulatedScenarios.scrape("h200");
        assertThat(scrape.value(MEMORY, "gpu", "2", "pod", "llm-a")).isEqualTo(mib(40254));
        assertThat(scrape.value(MEMORY, "gpu", "2", "pod", "llm-b")).isEqualTo(mib(34504));
        assertThat(scrape.value(MEMORY, "gpu", "2", "pod", "test")).isEqualTo(mib(14376));
    }

    @Test
    void givesEnergyToExclusiveOwnersAlone() {
        Scrape scrape = SimulatedScenarios.scrape("h200");
        assertThat(scrape.all("gpu_workload_energy_joules_total"))
                .extracting(sample -> sample.labels().get("gpu"))
                .containsExactlyInAnyOrder("0", "1", "3", "4", "5", "6");
    }

    @Test
    void followsProcessesThroughTheHostsFiles() {
        try (RunningExporter exporter = RunningExporter.following(DEMO, host(true))) {
            Scrape scrape = exporter.scrape();
            assertThat(scrape.value(MEMORY, "gpu", "0", "namespace", "research", "pod", "train-0", "container", "main"))
                    .isEqualTo(SimulatedScenarios.scrape("h200").value(MEMORY, "gpu", "0"));
            assertThat(scrape.all(MEMORY, "gpu", "1"))
                    .as("its process is not there")
                    .isEmpty();
            assertThat(scrape.all(MEMORY, "gpu", "2")).isEmpty();
            assertThat(exporter.text("/")).doesNotContain("What each pod uses of a GPU is left out");
        }
    }

    @Test
    void saysWhatIsMissingWhereTheHostsProcessesAreNotToBeSeen() {
        try (RunningExporter exporter = RunningExporter.following(DEMO, host(false))) {
            Scrape scrape = exporter.scrape();
            assertThat(scrape.all(MEMORY)).isEmpty();
            assertThat(scrape.all("gpu_workload_processes")).isEmpty();
            assertThat(scrape.all("gpu_workload_sm_utilization_ratio")).isEmpty();
            assertThat(scrape.all("gpu_workload_energy_joules_total")).isNotEmpty();
            assertThat(exporter.text("/"))
                    .contains("What each pod uses of a GPU is left out: ", "set hostPID: true on its pod");
        }
    }

    @Test
    void isSilentWhereItIsSwitchedOff() {
        try (RunningExporter exporter = RunningExporter.set(DEMO, "metrics.workload-usage", "off")) {
            Eventually.holds(
                    "its pods are known", () -> exporter.scrape().names().contains("gpu_workload_info"));
            assertThat(exporter.scrape().names()).noneMatch(name -> name.matches("gpu_(mig_)?workload_(?!info).*"));
        }
        try (RunningExporter exporter = RunningExporter.set(DEMO, "kubernetes.attribution", "off")) {
            assertThat(exporter.scrape().names()).noneMatch(name -> name.contains("workload"));
        }
    }

    /** A host that knows the training's process and no other. */
    private BiFunction<SimulatedNode, InstantSource, ProcessSource> host(boolean visible) {
        return (node, clock) -> {
            try {
                FakeHost host = new FakeHost(root);
                host.run(pid(node), "python3", 900, "0::/kubepods/burstable/pod" + UID + "/" + ID + "\n")
                        .log("research", "train-0", UID, "main", ID);
                return (visible ? host.shared() : host).owner(clock);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static int pid(SimulatedNode node) {
        SimulatedContainers containers = new SimulatedContainers(node);
        return (int) LongStream.range(1, 100_000)
                .filter(pid -> containers.of(pid).stream()
                        .anyMatch(container -> container.pod().equals("train-0")))
                .findFirst()
                .orElseThrow();
    }

    private static OptionalDouble mib(long mib) {
        return OptionalDouble.of(mib * 1048576.0);
    }
}
