package dev.gpuexporter.metrics;

import static dev.gpuexporter.metrics.GpuMetric.counter;
import static dev.gpuexporter.metrics.GpuMetric.gauge;
import static dev.gpuexporter.metrics.Group.POWER;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_POWER_INSTANT;
import static dev.gpuexporter.nvml.NvmlConstants.NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION;

import java.util.List;
import java.util.OptionalDouble;

/** What a GPU draws, and what it may. */
final class PowerMetrics {
    static final List<GpuMetric> ALL = List.of(
            gauge(
                            POWER,
                            "gpu_power_draw_watts",
                            "Power drawn by the whole board (a one-second average from Ampere on, A100 excepted).")
                    .withOwner()
                    .from("nvmlDeviceGetPowerUsage")
                    .read((device, out) -> out.add(device.powerDrawWatts())),
            gauge(POWER, "gpu_power_draw_instant_watts", "Power drawn by the whole board at the moment it was asked.")
                    .withOwner()
                    .from("NVML_FI_DEV_POWER_INSTANT")
                    .needs("driver 530")
                    .fields(NVML_FI_DEV_POWER_INSTANT)
                    .read((device, out) -> {
                        OptionalDouble milliwatts = device.field(NVML_FI_DEV_POWER_INSTANT);
                        if (milliwatts.isPresent()) {
                            out.add(milliwatts.getAsDouble() / 1000);
                        }
                    }),
            gauge(
                            POWER,
                            "gpu_power_limit_watts",
                            "Power limits: the one that is set, the lowest of all in force (enforced), the factory's (default), and between which one may be set (minimum, maximum).")
                    .labels("limit")
                    .from(
                            "nvmlDeviceGetPowerManagementLimit, …DefaultLimit, …LimitConstraints, nvmlDeviceGetEnforcedPowerLimit")
                    .read((device, out) -> {
                        out.add(device.powerLimitWatts(), "set");
                        out.add(device.powerLimitEnforcedWatts(), "enforced");
                        out.add(device.powerLimitDefaultWatts(), "default");
                        device.powerLimitRange().ifPresent(range -> {
                            out.add(range.minimumWatts(), "minimum");
                            out.add(range.maximumWatts(), "maximum");
                        });
                    }),
            counter(POWER, "gpu_energy_joules_total", "Energy drawn by the whole board since the driver was loaded.")
                    .from("NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION, nvmlDeviceGetTotalEnergyConsumption")
                    .needs("Volta and later")
                    .fields(NVML_FI_DEV_TOTAL_ENERGY_CONSUMPTION)
                    .read((device, out) -> out.add(device.energyJoules())));

    private PowerMetrics() {}
}
