package dev.gpuexporter.simulation;

import java.util.Optional;

/**
 * A process on a GPU.
 *
 * @param utilization the part of the GPU's, or MIG device's, time that it has, 0–1
 * @param mig the MIG device that it runs on; empty for one on the whole GPU
 */
record SimulatedProcess(int pid, long memoryBytes, double utilization, Optional<SimulatedMig> mig) {}
