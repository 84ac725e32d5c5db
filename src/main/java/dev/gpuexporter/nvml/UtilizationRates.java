package dev.gpuexporter.nvml;

/**
 * How busy a GPU was over the driver's last sample period (a sixth of a second to a second), 0–1.
 *
 * @param gpu the share of time in which at least one kernel ran
 * @param memoryController the share of time in which memory was read or written
 */
public record UtilizationRates(double gpu, double memoryController) {}
