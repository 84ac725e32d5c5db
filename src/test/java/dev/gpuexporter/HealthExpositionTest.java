package dev.gpuexporter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Worn memory, boards and virtual GPUs as people find them in the exposition; each number is the scenario's. */
class HealthExpositionTest {
    private static final String T4 = "0";
    private static final String A100 = "1";
    private static final String H100 = "2";
    private static final String SOUND = "4";

    private static double worn(String gpu, String name, String... labels) {
        return one("worn-memory", gpu, name, labels);
    }

    private static double one(String scenario, String gpu, String name, String... labels) {
        String[] all = new String[labels.length + 2];
        all[0] = "gpu";
        all[1] = gpu;
        System.arraycopy(labels, 0, all, 2, labels.length);
        return SimulatedScenarios.scrape(scenario)
                .value(name, all)
                .orElseThrow(() -> new AssertionError(name + " of GPU " + gpu));
    }

    private static boolean has(String scenario, String gpu, String name) {
        return !SimulatedScenarios.scrape(scenario).all(name, "gpu", gpu).isEmpty();
    }

    @Test
    void countsPagesWhereThereAreNoRowsToRemap() {
        assertThat(worn(T4, "gpu_retired_pages", "cause", "multiple_single_bit_errors"))
                .isEqualTo(3);
        assertThat(worn(T4, "gpu_retired_pages", "cause", "double_bit_error")).isEqualTo(2);
        assertThat(worn(T4, "gpu_retired_pages_pending")).isEqualTo(1);
        assertThat(has("worn-memory", T4, "gpu_remapped_rows")).isFalse();
        assertThat(has("worn-memory", T4, "gpu_row_remap_pending")).isFalse();
        assertThat(has("worn-memory", T4, "gpu_row_remap_banks")).isFalse();
        assertThat(has("worn-memory", A100, "gpu_retired_pages")).isFalse();
        assertThat(has("worn-memory", A100, "gpu_retired_pages_pending")).isFalse();
    }

    @Test
    void countsRows() {
        assertThat(worn(A100, "gpu_remapped_rows", "severity", "corrected")).isEqualTo(11);
        assertThat(worn(A100, "gpu_remapped_rows", "severity", "uncorrected")).isEqualTo(6);
        assertThat(worn(A100, "gpu_row_remap_pending")).isZero();
        assertThat(worn(A100, "gpu_row_remap_failed")).isZero();
        assertThat(worn(H100, "gpu_row_remap_pending")).isEqualTo(1);
        assertThat(worn(H100, "gpu_row_remap_failed")).isEqualTo(1);
    }

    /** 640 banks on an A100, 2560 on an H100. */
    @ParameterizedTest
    @CsvSource({
        "1, max, 634",
        "1, high, 3",
        "1, partial, 2",
        "1, low, 1",
        "1, none, 0",
        "2, max, 2559",
        "2, none, 1",
        "4, max, 2560"
    })
    void saysHowManyBanksHaveSpareRowsLeft(String gpu, String availability, double banks) {
        assertThat(worn(gpu, "gpu_row_remap_banks", "availability", availability))
                .isEqualTo(banks);
    }

    @ParameterizedTest
    @CsvSource({
        "gpu_ecc_sram_errors_total, error, corrected, 13",
        "gpu_ecc_sram_errors_total, error, uncorrected_parity, 6",
        "gpu_ecc_sram_errors_total, error, uncorrected_sec_ded, 10",
        "gpu_ecc_volatile_sram_errors_total, error, corrected, 4",
        "gpu_ecc_volatile_sram_errors_total, error, uncorrected_parity, 1",
        "gpu_ecc_volatile_sram_errors_total, error, uncorrected_sec_ded, 7",
        "gpu_ecc_sram_unit_errors_total, unit, l2, 2",
        "gpu_ecc_sram_unit_errors_total, unit, sm, 6",
        "gpu_ecc_sram_unit_errors_total, unit, pcie, 1",
        "gpu_ecc_sram_unit_errors_total, unit, mcu, 3",
        "gpu_ecc_sram_unit_errors_total, unit, other, 4",
    })
    void tellsErrorsInSramApart(String name, String label, String value, double errors) {
        assertThat(worn(H100, name, label, value)).isEqualTo(errors);
        assertThat(worn(SOUND, name, label, value)).isZero();
        assertThat(has("worn-memory", T4, name)).isFalse();
    }

    @Test
    void saysWhetherSramHasTooManyErrors() {
        assertThat(worn(H100, "gpu_ecc_sram_threshold_exceeded")).isEqualTo(1);
        assertThat(worn(SOUND, "gpu_ecc_sram_threshold_exceeded")).isZero();
        assertThat(has("a10", "0", "gpu_ecc_sram_threshold_exceeded")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "1, 2", "2, 4", "3, 1", "4, 0"})
    void saysWhatWouldMendTheGpu(String gpu, double action) {
        assertThat(worn(gpu, "gpu_recovery_action")).isEqualTo(action);
    }

    @Test
    void saysWhereInItsRackAGb200Is() {
        assertThat(one("gb200", "1", "gpu_platform_info", "slot", "11", "tray", "5", "host", "2"))
                .isEqualTo(1);
        assertThat(one("gb200", "1", "gpu_platform_info", "peer_type", "1", "module", "2"))
                .isEqualTo(1);
        assertThat(one("gb200", "0", "gpu_c2c_enabled")).isEqualTo(1);
        assertThat(one("h200", "0", "gpu_c2c_enabled")).isZero();
        assertThat(has("h200", "0", "gpu_platform_info")).isFalse();
        assertThat(has("a100", "0", "gpu_c2c_enabled")).isFalse();
    }

    @Test
    void saysWhichBoardToOrder() {
        assertThat(one("l4", "0", "gpu_board_info", "part_number", "900-2G193-0000-001"))
                .isEqualTo(1);
        assertThat(has("rtx4090", "0", "gpu_board_info")).isFalse();
    }

    @Test
    void saysHowTheGpuIsSetUp() {
        assertThat(one("t4", "0", "gpu_persistence_mode_enabled")).isEqualTo(1);
        assertThat(one("t4", "0", "gpu_compute_mode")).isZero();
    }

    @Test
    void tellsVirtualGpusApart() {
        Scrape scrape = SimulatedScenarios.scrape("vgpu-host");
        assertThat(one("vgpu-host", "0", "gpu_virtualization_mode")).isEqualTo(3);
        assertThat(one("vgpu-host", "0", "gpu_vgpus")).isEqualTo(2);
        assertThat(one("vgpu-host", "1", "gpu_vgpus")).isZero();
        String small = ofValue(scrape, "gpu_vgpu_memory_used_bytes", 8L << 30);
        String large = ofValue(scrape, "gpu_vgpu_memory_used_bytes", 12L << 30);
        assertThat(one("vgpu-host", "0", "gpu_vgpu_licensed", "vgpu", small)).isEqualTo(1);
        assertThat(one("vgpu-host", "0", "gpu_vgpu_licensed", "vgpu", large)).isZero();
        assertThat(one("vgpu-host", "0", "gpu_vgpu_sm_utilization_ratio", "vgpu", small))
                .isBetween(0.28, 0.32);
        assertThat(one("vgpu-host", "0", "gpu_vgpu_sm_utilization_ratio", "vgpu", large))
                .isBetween(0.58, 0.62);
        assertThat(one("vgpu-host", "0", "gpu_vgpu_memory_controller_utilization_ratio", "vgpu", large))
                .isBetween(0.28, 0.32);
        assertThat(one("vgpu-host", "0", "gpu_vgpu_encoder_utilization_ratio", "vgpu", small))
                .isZero();
        assertThat(one("vgpu-host", "0", "gpu_vgpu_decoder_utilization_ratio", "vgpu", small))
                .isZero();
        assertThat(one("vgpu-host", "0", "gpu_utilization_ratio")).isBetween(0.86, 0.94);
    }

    private static String ofValue(Scrape scrape, String name, double value) {
        return scrape.all(name).stream()
                .filter(sample -> sample.value() == value)
                .map(sample -> sample.labels().get("vgpu"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void hasNoVirtualGpusOnBareMetal() {
        assertThat(one("l40s", "0", "gpu_virtualization_mode")).isZero();
        assertThat(SimulatedScenarios.scrape("l40s").names()).noneMatch(name -> name.startsWith("gpu_vgpu"));
    }

    @Test
    void remembersASpike() {
        assertThat(one("spikes", "0", "gpu_utilization_peak_ratio", "pod", "api-0"))
                .isGreaterThanOrEqualTo(one("spikes", "0", "gpu_utilization_ratio"));
        assertThat(one("h200", "0", "gpu_power_draw_peak_watts", "pod", "train-0"))
                .isGreaterThanOrEqualTo(one("h200", "0", "gpu_power_draw_watts"));
        assertThat(one("h200", "7", "gpu_utilization_peak_ratio")).isZero();
        assertThat(has("no-permission", "1", "gpu_power_draw_peak_watts")).isFalse();
    }
}
