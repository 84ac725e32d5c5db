package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gpuexporter.Scrape.Sample;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MIG devices as people find them in the exposition; the numbers are from NVIDIA's tables, by hand. */
class MigExpositionTest {
    private static final double MIB = 1024 * 1024;

    private static double sum(Scrape scrape, String name, String... labels) {
        return scrape.all(name, labels).stream().mapToDouble(Sample::value).sum();
    }

    private static String pod(Scrape scrape, String name, String... labels) {
        List<Sample> samples = scrape.all(name, labels);
        assertThat(samples).hasSize(1);
        return samples.get(0).labels().getOrDefault("pod", "nobody's");
    }

    @ParameterizedTest
    @CsvSource({
        "mig-a100, 1, 3g.20gb, 19968, 42, 2", "mig-a100, 1, 2g.10gb, 9856, 28, 1", "mig-a100, 1, 1g.10gb, 9856, 14, 1",
        "mig-a100, 2, 1g.5gb+me, 4864, 14, 1", "mig-h100, 0, 1g.10gb, 9984, 16, 1",
                "mig-h100, 0, 2g.20gb, 20096, 32, 2",
        "mig-h100, 0, 3g.40gb, 40448, 60, 3", "mig-h200, 0, 3g.71gb, 71424, 60, 3",
                "mig-h200, 0, 1g.35gb, 33280, 26, 1",
        "mig-h200, 1, 7g.141gb, 143360, 132, 7",
    })
    void aDeviceHasWhatItsProfileSays(
            String scenario, String gpu, String profile, double mebibytes, double processors, double decoders) {
        Scrape scrape = SimulatedScenarios.scrape(scenario);
        String[] device = {"gpu", gpu, "mig_profile", profile};
        assertThat(scrape.value("gpu_mig_info", device)).hasValue(1);
        assertThat(scrape.value("gpu_mig_memory_total_bytes", device)).hasValue(mebibytes * MIB);
        assertThat(scrape.value("gpu_mig_multiprocessors", device)).hasValue(processors);
        assertThat(scrape.value("gpu_mig_compute_slices", device)).hasValue(profile.charAt(0) - '0');
        assertThat(scrape.value("gpu_mig_gpu_instance_slices", device)).hasValue(profile.charAt(0) - '0');
        assertThat(scrape.value("gpu_mig_engines", "gpu", gpu, "mig_profile", profile, "engine", "decoder"))
                .hasValue(decoders);
        assertThat(sum(scrape, "gpu_mig_memory_used_bytes", device) + sum(scrape, "gpu_mig_memory_free_bytes", device))
                .isEqualTo(mebibytes * MIB);
        assertThat(scrape.value("gpu_mig_memory_reserved_bytes", device)).hasValue(0);
        assertThat(sum(scrape, "gpu_mig_bar1_memory_used_bytes", device))
                .isLessThanOrEqualTo(sum(scrape, "gpu_mig_bar1_memory_total_bytes", device));
        assertThat(sum(scrape, "gpu_mig_bar1_memory_total_bytes", "gpu", gpu))
                .isPositive()
                .isLessThanOrEqualTo(sum(scrape, "gpu_bar1_memory_total_bytes", "gpu", gpu));
    }

    /** 40448 + 20096 + 9984 MiB, and 16 + 32, 16 + 16 and 16 multiprocessors. */
    @Test
    void aSumCountsWhatComputeInstancesShareOnce() {
        Scrape split = SimulatedScenarios.scrape("mig-split");
        assertThat(split.all("gpu_mig_info")).hasSize(5);
        assertThat(sum(split, "gpu_mig_memory_total_bytes", "gpu_instance", "1"))
                .isEqualTo(40448 * MIB);
        assertThat(sum(split, "gpu_mig_memory_total_bytes")).isEqualTo((40448 + 20096 + 9984) * MIB);
        assertThat(sum(split, "gpu_mig_gpu_instance_slices")).isEqualTo(3 + 2 + 1);
        assertThat(sum(split, "gpu_mig_compute_slices")).isEqualTo(1 + 2 + 1 + 1 + 1);
        assertThat(sum(split, "gpu_mig_multiprocessors")).isEqualTo(16 + 32 + 16 + 16 + 16);
        assertThat(split.all("gpu_mig_memory_used_bytes"))
                .extracting(sample -> sample.labels().get("compute_instance"))
                .containsOnly("0");
        // Three pods with 12, 20 and 10 GiB, and what the instances use by themselves.
        assertThat(sum(split, "gpu_mig_memory_used_bytes")).isEqualTo(((12 + 20 + 10) * 1024 + 24 + 17 + 9) * MIB);
    }

    @Test
    void whatSeveralContainersShareHasNoOwner() {
        Scrape split = SimulatedScenarios.scrape("mig-split");
        assertThat(pod(split, "gpu_mig_memory_used_bytes", "gpu_instance", "1")).isEqualTo("nobody's");
        assertThat(pod(split, "gpu_mig_memory_used_bytes", "gpu_instance", "5")).isEqualTo("llm-a");
        assertThat(pod(split, "gpu_mig_memory_used_bytes", "gpu_instance", "13"))
                .isEqualTo("nobody's");
        assertThat(split.all("gpu_mig_workload_info"))
                .extracting(sample ->
                        sample.labels().get("pod") + " " + sample.labels().get("mig_profile"))
                .containsExactlyInAnyOrder("train-0 1c.3g.40gb", "train-1 2c.3g.40gb", "llm-a 1c.2g.20gb");
    }

    @Test
    void whoHoldsAPartHoldsNotTheGpu() {
        Scrape scrape = SimulatedScenarios.scrape("mig-h100");
        assertThat(pod(scrape, "gpu_mig_memory_used_bytes", "mig_profile", "1g.10gb"))
                .isEqualTo("llm-a");
        assertThat(pod(scrape, "gpu_mig_memory_used_bytes", "mig_profile", "2g.20gb"))
                .isEqualTo("nobody's");
        assertThat(pod(scrape, "gpu_power_draw_watts", "gpu", "0")).isEqualTo("nobody's");
        assertThat(pod(scrape, "gpu_power_draw_watts", "gpu", "1")).isEqualTo("train-0");
        assertThat(scrape.all("gpu_workload_info"))
                .extracting(sample -> sample.labels().get("gpu"))
                .containsExactly("1");
        // In replicas: it is nobody's in particular, however many hold it.
        assertThat(pod(scrape, "gpu_mig_memory_used_bytes", "mig_profile", "4g.40gb"))
                .isEqualTo("nobody's");
        assertThat(scrape.all("gpu_mig_workload_info", "mig_profile", "4g.40gb"))
                .extracting(sample -> sample.labels().get("pod"))
                .containsExactlyInAnyOrder("test-0", "test-1");
        assertThat(scrape.value("gpu_exporter_unmapped_devices")).hasValue(0);
    }

    @Test
    void aGpuInMigModeHasNoUtilization() {
        Scrape scrape = SimulatedScenarios.scrape("mig-h100");
        Set<String> missing = Set.of(
                "gpu_utilization_ratio",
                "gpu_memory_controller_utilization_ratio",
                "gpu_encoder_utilization_ratio",
                "gpu_decoder_utilization_ratio",
                "gpu_jpeg_utilization_ratio",
                "gpu_ofa_utilization_ratio");
        assertThat(scrape.namesOf(0)).doesNotContainAnyElementsOf(missing).contains("gpu_power_draw_watts");
        assertThat(scrape.namesOf(1)).containsAll(missing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mig-a100", "mig-h100", "mig-h200", "mig-split", "mig-reconfigured"})
    void aGpuAndItsPartsShareNoFamily(String scenario) {
        for (Sample sample : SimulatedScenarios.scrape(scenario).samples()) {
            assertThat(sample.labels().containsKey("mig_uuid"))
                    .as(sample.name())
                    .isEqualTo(sample.name().startsWith("gpu_mig_")
                            && !sample.name().equals("gpu_mig_enabled"));
        }
    }

    @Test
    void aPartThatWasMadeUnderWayHasTheOwnerThatItHasNow() {
        Scrape scrape = SimulatedScenarios.scrape("mig-reconfigured");
        assertThat(scrape.all("gpu_mig_info"))
                .extracting(sample -> sample.labels().get("mig_profile"))
                .containsExactlyInAnyOrder("4g.40gb", "1g.10gb", "1g.10gb");
        assertThat(pod(scrape, "gpu_mig_memory_used_bytes", "mig_profile", "4g.40gb"))
                .isEqualTo("llm-c");
    }

    @Test
    void aGpuThatIsNotInMigModeHasNoParts() {
        assertThat(SimulatedScenarios.scrape("h100").names())
                .noneMatch(name -> name.startsWith("gpu_mig_") && !name.equals("gpu_mig_enabled"));
    }
}
