package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.ECC;

import dev.gpuexporter.nvml.MemoryHealth.Counts;
import java.util.List;

/** Errors in the memory inside of a GPU, more finely than {@link EccMetrics} tells them. */
final class SramMetrics {
    private static final String FUNCTION = "nvmlDeviceGetSramEccErrorStatus";
    private static final String NEEDS = "driver 550, root; A100, Ada and later data-centre GPUs";

    static final List<GpuMetric> ALL = List.of(
            counter(
                            ECC,
                            "gpu_ecc_sram_errors_total",
                            "Errors in SRAM in the GPU's life: corrected ones, and uncorrected ones by what found them, parity or a code (sec_ded).")
                    .labels("error")
                    .from(FUNCTION)
                    .needs(NEEDS)
                    .read((device, out) ->
                            device.memoryHealth().sramErrors().ifPresent(errors -> add(errors.life(), out))),
            counter(
                            ECC,
                            "gpu_ecc_volatile_sram_errors_total",
                            "Errors in SRAM since the driver was loaded: corrected ones, and uncorrected ones by what found them, parity or a code (sec_ded).")
                    .labels("error")
                    .from(FUNCTION)
                    .needs(NEEDS)
                    .read((device, out) ->
                            device.memoryHealth().sramErrors().ifPresent(errors -> add(errors.sinceLoad(), out))),
            counter(
                            ECC,
                            "gpu_ecc_sram_unit_errors_total",
                            "Uncorrected errors in SRAM in the GPU's life, by the unit they were in: L2 cache, SMs, PCIe, microcontrollers or other.")
                    .labels("unit")
                    .from(FUNCTION)
                    .needs(NEEDS)
                    .read((device, out) -> device.memoryHealth().sramErrors().ifPresent(errors -> {
                        out.add(errors.units().l2(), "l2");
                        out.add(errors.units().sm(), "sm");
                        out.add(errors.units().pcie(), "pcie");
                        out.add(errors.units().mcu(), "mcu");
                        out.add(errors.units().other(), "other");
                    })),
            gauge(
                            ECC,
                            "gpu_ecc_sram_threshold_exceeded",
                            "Whether there were so many uncorrected errors in SRAM that the GPU should be replaced (1) or not (0).")
                    .from(FUNCTION)
                    .needs(NEEDS)
                    .read((device, out) -> device.memoryHealth()
                            .sramErrors()
                            .ifPresent(errors -> out.add(errors.thresholdExceeded() ? 1 : 0))));

    private SramMetrics() {}

    private static void add(Counts counts, Samples out) {
        out.add(counts.corrected(), "corrected");
        out.add(counts.parity(), "uncorrected_parity");
        out.add(counts.secDed(), "uncorrected_sec_ded");
    }
}
