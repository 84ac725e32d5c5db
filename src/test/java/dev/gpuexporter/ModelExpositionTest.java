package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Literals of real cards, as people find them in the exposition. No code of ours computed any of them. */
class ModelExpositionTest {
    private static final String FIRST_GPU = "0";

    /** Gauges that follow load, and so whoever holds the device. */
    private static final List<String> OWNED = List.of(
            "gpu_utilization_ratio",
            "gpu_memory_controller_utilization_ratio",
            "gpu_memory_used_bytes",
            "gpu_temperature_celsius",
            "gpu_power_draw_watts",
            "gpu_power_draw_instant_watts",
            "gpu_clock_hertz",
            "gpu_utilization_peak_ratio",
            "gpu_power_draw_peak_watts");

    private static double one(String model, String name, String... labels) {
        String[] all = new String[labels.length + 2];
        all[0] = "gpu";
        all[1] = FIRST_GPU;
        System.arraycopy(labels, 0, all, 2, labels.length);
        return SimulatedScenarios.scrape(model)
                .value(name, all)
                .orElseThrow(() -> new AssertionError(model + " has no " + name + " " + List.of(labels)));
    }

    private static boolean has(String model, String name, String... labels) {
        return !SimulatedScenarios.scrape(model).all(name, labels).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "t4,   Tesla T4,              Turing,    90.04.84.00.06, G183.0200.00.02",
        "a100, NVIDIA A100-SXM4-40GB, Ampere,    92.00.45.00.03, G506.0200.00.04",
        "l40s, NVIDIA L40S,           Ada,       95.02.66.00.02, G133.0242.00.03",
        "h100, NVIDIA H100 80GB HBM3, Hopper,    96.00.99.00.01, G520.0200.00.05",
        "h200, NVIDIA H200,           Hopper,    96.00.A5.00.03, G520.0280.02.02",
        "b200, NVIDIA B200,           Blackwell, 97.00.FA.00.09, G525.0220.00.03",
    })
    void saysWhatTheCardIs(String model, String name, String architecture, String vbios, String inforom) {
        assertThat(one(
                        model,
                        "gpu_info",
                        "model",
                        name,
                        "brand",
                        "NVIDIA",
                        "vbios_version",
                        vbios,
                        "inforom_version",
                        inforom))
                .isEqualTo(1);
        assertThat(SimulatedScenarios.scrape(model)
                        .all("gpu_info", "gpu", FIRST_GPU)
                        .get(0)
                        .labels()
                        .get("architecture"))
                .startsWith(architecture);
    }

    /** 143771 MiB are 143771 × 1,048,576 bytes; each product was taken by hand. */
    @ParameterizedTest
    @CsvSource({
        "t4,    16106127360,    268435456",
        "a100,  42949672960,  68719476736",
        "l40s,  48305799168,  68719476736",
        "h100,  85520809984, 137438953472",
        "h200, 150754820096, 274877906944",
        "b200, 192265846784, 274877906944",
    })
    void givesMemoryInBytes(String model, double total, double bar1) {
        assertThat(one(model, "gpu_memory_total_bytes")).isEqualTo(total);
        assertThat(one(model, "gpu_bar1_memory_total_bytes")).isEqualTo(bar1);
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#models")
    void dividesMemoryWithoutRemainder(String model) {
        assertThat(one(model, "gpu_memory_used_bytes")
                        + one(model, "gpu_memory_free_bytes")
                        + one(model, "gpu_memory_reserved_bytes"))
                .isEqualTo(one(model, "gpu_memory_total_bytes"));
    }

    @ParameterizedTest
    @CsvSource({
        "t4,   70,   60,  70",
        "a100, 400,  100, 400",
        "l40s, 350,  100, 350",
        "h100, 700,  200, 700",
        "h200, 700,  200, 700",
        "b200, 1000, 200, 1000",
    })
    void givesPowerLimitsInWatts(String model, double limit, double minimum, double maximum) {
        assertThat(one(model, "gpu_power_limit_watts", "limit", "default")).isEqualTo(limit);
        assertThat(one(model, "gpu_power_limit_watts", "limit", "set")).isEqualTo(limit);
        assertThat(one(model, "gpu_power_limit_watts", "limit", "enforced")).isEqualTo(limit);
        assertThat(one(model, "gpu_power_limit_watts", "limit", "minimum")).isEqualTo(minimum);
        assertThat(one(model, "gpu_power_limit_watts", "limit", "maximum")).isEqualTo(maximum);
    }

    @ParameterizedTest
    @CsvSource({
        "t4,   1590000000, 5001000000, 1470000000",
        "a100, 1410000000, 1215000000, 1290000000",
        "l40s, 2520000000, 9001000000, 1965000000",
        "h100, 1980000000, 2619000000, 1545000000",
        "h200, 1980000000, 3201000000, 1545000000",
        "b200, 1965000000, 3996000000, 1965000000",
    })
    void givesMaximumClocksInHertz(String model, double sm, double memory, double video) {
        assertThat(one(model, "gpu_clock_max_hertz", "clock", "sm")).isEqualTo(sm);
        assertThat(one(model, "gpu_clock_max_hertz", "clock", "graphics")).isEqualTo(sm);
        assertThat(one(model, "gpu_clock_max_hertz", "clock", "memory")).isEqualTo(memory);
        assertThat(one(model, "gpu_clock_max_hertz", "clock", "video")).isEqualTo(video);
    }

    @ParameterizedTest
    @CsvSource({"t4, 3", "a100, 4", "l40s, 4", "h100, 5", "h200, 5", "b200, 5"})
    void linksWithItsPcieGenerationOnSixteenLanes(String model, double generation) {
        assertThat(one(model, "gpu_pcie_link_generation_max")).isEqualTo(generation);
        assertThat(one(model, "gpu_pcie_link_width_max")).isEqualTo(16);
    }

    @Test
    void givesOlderCardsTheirThresholdsInDegrees() {
        assertThat(one("t4", "gpu_temperature_threshold_celsius", "threshold", "shutdown"))
                .isEqualTo(96);
        assertThat(one("t4", "gpu_temperature_threshold_celsius", "threshold", "slowdown"))
                .isEqualTo(93);
        assertThat(one("t4", "gpu_temperature_threshold_celsius", "threshold", "gpu_max"))
                .isEqualTo(85);
        assertThat(one("a100", "gpu_temperature_threshold_celsius", "threshold", "memory_max"))
                .isEqualTo(95);
        assertThat(has("t4", "gpu_temperature_threshold_celsius", "threshold", "memory_max"))
                .isFalse();
        assertThat(has("t4", "gpu_temperature_margin_threshold_celsius")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"l40s, -5, -2, 0", "h100, -8, -2, 0", "h200, -8, -2, 0", "b200, -5, -3, 0"})
    void givesNewerCardsTheirThresholdsAsMargins(String model, double shutdown, double slowdown, double max) {
        String margin = "gpu_temperature_margin_threshold_celsius";
        assertThat(one(model, margin, "threshold", "shutdown")).isEqualTo(shutdown);
        assertThat(one(model, margin, "threshold", "slowdown")).isEqualTo(slowdown);
        assertThat(one(model, margin, "threshold", "gpu_max")).isEqualTo(max);
    }

    /** Margin and temperature make up 87 °C on Hopper, 88 on L40S and B200. */
    @ParameterizedTest
    @CsvSource({"h100, 87", "h200, 87", "l40s, 88", "b200, 88"})
    void leavesAMarginToTheLimit(String model, double limit) {
        assertThat(one(model, "gpu_temperature_margin_celsius")
                        + one(model, "gpu_temperature_celsius", "sensor", "gpu"))
                .isEqualTo(limit);
    }

    @ParameterizedTest
    @CsvSource({"t4, false", "a100, true", "l40s, false", "h100, true", "h200, true", "b200, true"})
    void measuresTheTemperatureOfStackedMemoryAlone(String model, boolean stacked) {
        assertThat(has(model, "gpu_temperature_celsius", "sensor", "memory")).isEqualTo(stacked);
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#models")
    void hasNoFanWhereTheServerBlowsTheAir(String model) {
        assertThat(has(model, "gpu_fan_speed_ratio")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"t4, false", "a100, true", "l40s, false", "h100, true", "h200, true", "b200, true"})
    void saysWhetherItIsPartitionedWhereItCanBe(String model, boolean canBe) {
        assertThat(has(model, "gpu_mig_enabled")).isEqualTo(canBe);
    }

    @Test
    void tellsTheLocationsOfMemoryErrorsAsFinelyAsTheDriverDoes() {
        String name = "gpu_ecc_volatile_location_errors_total";
        assertThat(has("h200", name, "location", "sram")).isTrue();
        assertThat(has("h200", name, "location", "dram")).isTrue();
        assertThat(has("h200", name, "location", "l2_cache")).isFalse();
    }

    /** A simulated minute at full load, between what an H200 draws idle and what it may draw. */
    @Test
    void countsEnergyInJoules() {
        assertThat(one("h200", "gpu_energy_joules_total")).isBetween(60 * 78.0, 60 * 700.0);
        assertThat(one("h200", "gpu_power_draw_watts")).isBetween(500.0, 700.0);
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#models")
    void givesEveryShareAsARatio(String model) {
        assertThat(SimulatedScenarios.scrape(model).samples())
                .filteredOn(sample -> sample.name().endsWith("_utilization_ratio"))
                .isNotEmpty()
                .allSatisfy(sample -> assertThat(sample.value()).isBetween(0.0, 1.0));
    }

    /** The demo's pods: a training alone on GPU 0, a notebook on 1, three that share 2, and nobody on the last. */
    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#models")
    void namesTheOwnerOnWhatFollowsItsLoad(String model) {
        Scrape scrape = SimulatedScenarios.scrape(model);
        String last = model.equals("t4") || model.equals("l40s") ? "3" : "7";
        for (String name : OWNED) {
            assertThat(scrape.all(name, "gpu", "0")).as(name).isNotEmpty().allSatisfy(sample -> assertThat(
                            sample.labels())
                    .containsEntry("namespace", "research")
                    .containsEntry("pod", "train-0")
                    .containsEntry("container", "main"));
            assertThat(scrape.all(name, "gpu", "2")).as("shared").isNotEmpty().allSatisfy(sample -> assertThat(
                            sample.labels())
                    .doesNotContainKey("pod"));
            assertThat(scrape.all(name, "gpu", last)).as("free").isNotEmpty().allSatisfy(sample -> assertThat(
                            sample.labels())
                    .doesNotContainKey("pod"));
        }
        assertThat(scrape.all("gpu_workload_info", "gpu", "2"))
                .extracting(sample -> sample.labels().get("pod"))
                .containsExactlyInAnyOrder("llm-a", "llm-b", "test");
        assertThat(scrape.all("gpu_workload_info", "gpu", last)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#models")
    void namesNoOwnerOnCountersLimitsAndHealth(String model) {
        assertThat(SimulatedScenarios.scrape(model).samples())
                .filteredOn(sample -> sample.labels().containsKey("pod"))
                .extracting(Scrape.Sample::name)
                .filteredOn(name -> !name.startsWith("gpu_workload_"))
                .allSatisfy(name -> assertThat(name)
                        .doesNotEndWith("_total")
                        .doesNotContain("limit")
                        .doesNotContain("max")
                        .doesNotContain("threshold")
                        .isNotEqualTo("gpu_up")
                        .isNotEqualTo("gpu_info"));
    }

    @ParameterizedTest
    @MethodSource("dev.gpuexporter.SimulatedScenarios#models")
    void saysThatNoneOfThisIsReal(String model) {
        assertThat(SimulatedScenarios.scrape(model).value("gpu_exporter_simulated"))
                .isEqualTo(OptionalDouble.of(1));
    }

    @ParameterizedTest
    @CsvSource({"t4, 4", "a100, 8", "l40s, 4", "h100, 8", "h200, 8", "b200, 8"})
    void countsEveryGpuOnce(String model, int gpus) {
        assertThat(SimulatedScenarios.scrape(model).all("gpu_up")).hasSize(gpus).allSatisfy(up -> assertThat(up.value())
                .isEqualTo(1));
    }
}
